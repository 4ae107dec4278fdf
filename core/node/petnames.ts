import type { Petname, Petnames } from '../contract/petnames.ts'
import { formatPeerId, parsePeerId } from '../identity/peer-id.ts'
import { MAX_NAME_BYTES } from '../record/limits.ts'
import { fromHex, toHex } from '../util/bytes.ts'
import { BadRequestError, NoAccountError } from '../util/errors.ts'
import type { PrivateBook } from './api/services.ts'
import { checkText } from './limits.ts'

const EDGE = 'petname'
const ADDRESS_BYTES = 32
/** Far beyond whom a person names; what was said longer ago isn't shown. */
const MAX_PETNAMES = 5_000

/** The account's own names for others, the last one said first; what another program wrote is passed over. */
export async function listPetnames(book: PrivateBook): Promise<Petnames> {
  const rows = (await book.list(EDGE)).slice(0, MAX_PETNAMES)
  const items = rows.flatMap(({ subject, value }) => {
    const address = fromHex(subject)
    if (address?.length !== ADDRESS_BYTES || typeof value !== 'string') return []
    const name = value.trim()
    return name === '' || name.length > MAX_NAME_BYTES ? [] : [{ profile: formatPeerId(address), name }]
  })
  return { items }
}

/**
 * Calls somebody so from now on, on the account's own devices; '' takes it back.
 * @throws NoAccountError, BadRequestError for oneself, TooLongError
 */
export async function setPetname(
  book: PrivateBook,
  { me, profile, name }: { readonly me: string | null } & Petname,
): Promise<Petname> {
  if (me === null) throw new NoAccountError()
  const address = parsePeerId(profile)
  if (address === undefined)
    throw new BadRequestError(`expected a profile address (12D3Koo…), got ${profile.slice(0, 80)}`)
  if (profile === me) throw new BadRequestError('this is you: your name stands in your profile')
  const plain = name.trim()
  checkText('the name', plain, MAX_NAME_BYTES)
  await book.put(EDGE, toHex(address), plain === '' ? null : plain)
  return { profile, name: plain }
}
