import { utf8 } from '../util/bytes.ts'
import { BadRequestError, PalabreError } from '../util/errors.ts'

/** A text of the account's owner over the limit of its kind. */
export class TooLongError extends PalabreError {
  constructor(what: string, size: number, limit: number) {
    super('too-long', `${what} is ${size.toLocaleString('en-US')} bytes, limit ${limit.toLocaleString('en-US')}`, {
      data: { size, limit },
    })
  }
}

/**
 * Refuses a text over its limit of UTF-8 bytes, and one that no UTF-8 can say.
 *
 * @throws TooLongError, BadRequestError
 */
export function checkText(what: string, text: string, maxBytes: number): void {
  if (!text.isWellFormed()) throw new BadRequestError(`${what} holds half of a surrogate pair`)
  const size = utf8(text).length
  if (size > maxBytes) throw new TooLongError(what, size, maxBytes)
}
