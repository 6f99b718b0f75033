import * as vscode from 'vscode';

/** How a view shows something, without the editor's own types. */
export interface ItemDescription {
  readonly description: string;
  /** The same in words alone, for those who do not see the icon. */
  readonly accessibleLabel: string;
  /** A codicon, and the theme's colour for it. */
  readonly icon: { readonly name: string; readonly color?: string };
  /** For `when` clauses. */
  readonly context: string;
}

/** An entry of a view that is shown as it is described. @param id among all entries of the view */
export function describedItem(
  label: string,
  id: string,
  { description, accessibleLabel, icon, context }: ItemDescription,
): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  item.id = id;
  item.description = description;
  item.iconPath = new vscode.ThemeIcon(
    icon.name,
    icon.color === undefined ? undefined : new vscode.ThemeColor(icon.color),
  );
  item.contextValue = context;
  item.accessibilityInformation = { label: accessibleLabel };
  return item;
}
