import type { IntlShape } from 'react-intl'

/** Why an address doesn't answer, in words for people. */
export function describeCause(intl: IntlShape, cause: string): string {
  if (/blackout drill/i.test(cause)) return intl.formatMessage({ id: 'network.cause.drill' })
  if (/refused/i.test(cause)) return intl.formatMessage({ id: 'network.cause.refused' })
  if (/time(d)?[ -]?out|abort/i.test(cause)) return intl.formatMessage({ id: 'network.cause.timeout' })
  if (/enotfound|eai_again/i.test(cause)) return intl.formatMessage({ id: 'network.cause.unknownHost' })
  return intl.formatMessage({ id: 'network.cause.other' }, { cause })
}
