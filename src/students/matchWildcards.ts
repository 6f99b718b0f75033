/**
 * Whether a name is what a pattern describes, in which `*` stands for any characters, also none, and `?` for one. Takes at most as
 * many steps as the product of the lengths: a regular expression would try every way to divide the name among the stars.
 */
export function matchesWildcards(pattern: string, name: string): boolean {
  let at = 0;
  let next = 0;
  // The last star, and where what it stands for ends so far. Earlier ones need never stand for more.
  let star = -1;
  let end = 0;
  while (next < name.length) {
    if (pattern[at] === '*') {
      star = at++;
      end = next;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[next])) {
      at++;
      next++;
    } else if (star >= 0) {
      at = star + 1;
      next = ++end;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
