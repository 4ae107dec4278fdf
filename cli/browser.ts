import { spawn } from 'node:child_process'

/** Whether somebody sits here who would see a browser open. */
export function canOpenBrowser(env: NodeJS.ProcessEnv = process.env): boolean {
  if (env.PALABRE_NO_OPEN || env.CI || env.SSH_CONNECTION || process.stdout.isTTY !== true) return false
  if (process.platform === 'darwin' || process.platform === 'win32') return true
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}

/** Opens the default browser; that it doesn't is no error, since the link has been printed. */
export function openBrowser(url: string): void {
  const [program, args] =
    process.platform === 'darwin'
      ? ['open', [url]]
      : process.platform === 'win32'
        ? ['rundll32', ['url.dll,FileProtocolHandler', url]]
        : ['xdg-open', [url]]
  const child = spawn(program as string, args as string[], { stdio: 'ignore', detached: true })
  child.on('error', () => {})
  child.unref()
}
