import { HardDrive } from 'lucide-react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Link, useLocation } from 'wouter'
import { routes } from '../../app/routes.ts'
import { useNetwork } from '../../app/use-network.ts'
import { Strip } from '../../ui/strip.tsx'
import { formatBytes } from '../network/format-bytes.ts'

/** One amber line on every page while the disk has little room: what is left out, and what to do. */
export function SpaceLine() {
  const intl = useIntl()
  const [location] = useLocation()
  const space = useNetwork()?.storage.space
  return (
    <div role="status">
      {space !== undefined && space.state !== 'plenty' && (
        <Strip
          tone="warn"
          icon={<HardDrive size={19} strokeWidth={1.75} aria-hidden />}
          action={
            location === routes.network ? undefined : (
              <Link href={routes.network}>
                <FormattedMessage id="storage.line.action" />
              </Link>
            )
          }
        >
          <FormattedMessage
            id={`storage.line.${space.state}`}
            values={{ free: formatBytes(intl, space.freeBytes ?? 0) }}
          />
        </Strip>
      )}
    </div>
  )
}
