/** What the desktop host lets be chosen from outside; everything else is a default of the node. */
export interface DesktopConfig {
  /** Null for the system's default place. */
  readonly dataDir: string | null
  /** 'public', 'local' or a descriptor file. */
  readonly network: string
  readonly listen: readonly string[]
  readonly peers: readonly string[]
}

function list(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((part) => part !== '')
}

/** Reads PALABRE_DATA, PALABRE_NETWORK, PALABRE_LISTEN and PALABRE_PEERS (the last two separated by spaces). */
export function readDesktopConfig(env: NodeJS.ProcessEnv): DesktopConfig {
  return {
    dataDir: env.PALABRE_DATA ?? null,
    network: env.PALABRE_NETWORK ?? 'public',
    listen: list(env.PALABRE_LISTEN),
    peers: list(env.PALABRE_PEERS),
  }
}
