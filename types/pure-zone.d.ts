/**
 * What the pure zone may use of its surroundings: the few web-standard globals that Node.js and every browser share.
 * Anything else (Node, DOM) is a type error there.
 */
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean })
  decode(bytes?: Uint8Array): string
}
interface AbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
  throwIfAborted(): void
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}
declare const crypto: { getRandomValues<T extends Uint8Array>(bytes: T): T }
declare function setTimeout(callback: () => void, delayMs?: number): unknown
declare function clearTimeout(timer: unknown): void
declare class URL {
  constructor(url: string, base?: string)
  readonly protocol: string
  readonly pathname: string
  readonly searchParams: URLSearchParams
}
declare class URLSearchParams {
  constructor(init?: string)
  append(name: string, value: string): void
  get(name: string): string | null
  getAll(name: string): string[]
  toString(): string
}
declare class Blob {
  constructor(parts: (Uint8Array | string)[], options?: { type?: string })
  readonly size: number
  readonly type: string
  arrayBuffer(): Promise<ArrayBuffer>
}
