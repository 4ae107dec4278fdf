import { Unplug } from 'lucide-react'
import type { ReactNode } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Link, useLocation } from 'wouter'
import { routes } from '../../app/routes.ts'
import { useNetwork } from '../../app/use-network.ts'
import { formatClock } from '../../ui/format-moment.ts'
import { Strip } from '../../ui/strip.tsx'

const bold = (words: ReactNode) => <b>{words}</b>

/** On every page while a drill keeps somebody out, so that nobody takes the network for broken. */
export function DrillLine() {
  const intl = useIntl()
  const [location] = useLocation()
  const drill = useNetwork()?.drill
  return (
    <div role="status">
      {drill !== undefined && location !== routes.network && (
        <Strip
          tone="warn"
          icon={<Unplug size={19} strokeWidth={1.75} aria-hidden />}
          action={
            <Link href={routes.network}>
              <FormattedMessage id="drill.line.action" />
            </Link>
          }
        >
          <FormattedMessage
            id="drill.line"
            values={{ cut: drill.cut, when: formatClock(intl, drill.endsAt), b: bold }}
          />
        </Strip>
      )}
    </div>
  )
}
