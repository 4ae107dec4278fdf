import { ProtocolError } from '../net/errors.ts'

const CODES = [
  /** Bytes that are no frame: too large, not canonical, of another shape. */
  'bad-frame',
  /** A frame that has no place at this point. */
  'unexpected-frame',
  'wrong-version',
  'wrong-network',
  /** No link is being shown: it ran out, was used, or was never there. */
  'no-offer',
  'wrong-token',
  /** Another device is using the link. */
  'busy',
  /** A person said that the codes differ. */
  'declined',
  /** A person gave up, or the node stops. */
  'cancelled',
  /** Nobody came, or nobody confirmed, in time. */
  'expired',
  /** The next frame did not come in time. */
  'stalled',
  /** The other side ended in the middle. */
  'truncated',
  /** The device is not what was promised, not the peer's own, or doesn't prove its key. */
  'bad-device',
  /** What came is no chain of that address that lists both devices. */
  'bad-chain',
  /** The new device has an account by now. */
  'account-exists',
  /** The chain does not take the device in. */
  'refused',
  /** This side's disk or store did not do its part. */
  'unavailable',
] as const

/** Why linking ended early; goes over the wire as the text of an Error frame (LNK10). */
export type LinkErrorCode = (typeof CODES)[number]

export class LinkError extends ProtocolError<LinkErrorCode> {}

export function isLinkErrorCode(text: string): text is LinkErrorCode {
  return (CODES as readonly string[]).includes(text)
}
