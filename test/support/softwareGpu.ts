import { existsSync } from 'node:fs';

const driver = '/usr/lib/chromium/vk_swiftshader_icd.json';
const loaders = ['/usr/lib/x86_64-linux-gnu/libvulkan.so.1', '/usr/lib/aarch64-linux-gnu/libvulkan.so.1'];

/** A graphics device made of software: the environment to start a process with, or why there is none. */
export type SoftwareGpu =
  | { readonly environment: Readonly<Record<string, string>> }
  | { readonly environment: undefined; readonly reason: string };

/**
 * SwiftShader, the Vulkan driver in software that Debian's Chromium brings: with it ONNX Runtime's WebGPU provider works
 * on a machine without a GPU. The driver is chosen when a process first uses Vulkan, so the environment has to be given
 * to a child process.
 */
export function findSoftwareGpu(): SoftwareGpu {
  if (!existsSync(driver)) {
    return { environment: undefined, reason: `${driver} is not there; Debian's package chromium brings it` };
  }
  if (!loaders.some((path) => existsSync(path))) {
    return { environment: undefined, reason: "the Vulkan loader is not there; Debian's package libvulkan1 brings it" };
  }
  return { environment: { VK_DRIVER_FILES: driver } };
}
