declare module 'pino-roll' {
  import type { SonicBoom, SonicBoomOpts } from 'sonic-boom'

  interface RollOptions extends SonicBoomOpts {
    readonly file: string
    readonly extension?: string
    /** Such as `4m`. */
    readonly size?: string
    /** `count`: old files that are kept besides the current one. */
    readonly limit?: { readonly count: number }
  }

  /** A stream into numbered files that are rotated by size. */
  // biome-ignore lint/style/noDefaultExport: the package has no other
  export default function buildRoll(options: RollOptions): Promise<SonicBoom>
}
