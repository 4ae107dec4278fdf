import { useIntl } from 'react-intl'
import { errorCodeOf } from '../../rpc/client.ts'

const KNOWN = [
  'no-account',
  'disk-full',
  'not-found',
  'unreachable',
  'bad-request',
  'too-long',
  'unsupported-media',
  'account-exists',
  'bad-invitation',
  'bad-link',
  'bad-passphrase',
  'busy',
  'contested',
  'device-retired',
  'device-sealed',
  'last-device',
  'log-forked',
  'no-right',
  'unknown-device',
  'wrong-passphrase',
  'wrong-secret',
] as const
const SILENT = new Set(['connection-lost', 'stopping', 'timeout', 'store-stopped'])

/** A sentence that says why a call failed. */
export function useCause(): (error: unknown) => string {
  const intl = useIntl()
  return (error) => {
    const code = errorCodeOf(error)
    if (SILENT.has(code)) return intl.formatMessage({ id: 'people.cause.silent' })
    const known = KNOWN.find((name) => name === code)
    return intl.formatMessage({ id: `people.cause.${known ?? 'other'}` }, { code })
  }
}
