/**
 * Why no desktop window can be opened here, in a few words; null where one might. Looks at nothing but the process.
 *
 * @returns {string | null}
 */
export function whyNoDesktop() {
  const { env, platform } = process
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return 'there is no display'
  if (process.getuid?.() === 0) return 'Electron keeps its sandbox, and root has none'
  return null
}
