import { Unplug } from 'lucide-react'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { DrillCut } from '../../../core/contract/drill.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { RadioList } from '../../ui/radio-list.tsx'
import { Failure } from '../account/notes.tsx'
import styles from './drill.module.css'
import type { DrillAccess } from './use-drill.ts'

const CUTS: readonly DrillCut[] = ['seeds', 'internet']
const KNOWN_FAILURES: readonly string[] = ['unreachable', 'busy']

/** What will happen, before it happens. */
export function DrillDialog({ access, open, onClose }: { access: DrillAccess; open: boolean; onClose: () => void }) {
  const intl = useIntl()
  const [cut, setCut] = useState<DrillCut>('seeds')
  const { begin, failure, isBeginning } = access
  const id = failure !== undefined && KNOWN_FAILURES.includes(failure) ? `drill.failed.${failure}` : 'drill.failed'
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={intl.formatMessage({ id: 'drill.dialog' })}
      footer={
        <>
          <Button onClick={onClose}>
            <FormattedMessage id="ui.cancel" />
          </Button>
          <Button
            kind="primary"
            icon={<Unplug size={16} strokeWidth={2.2} aria-hidden />}
            busy={isBeginning ? intl.formatMessage({ id: 'drill.begin.busy' }) : undefined}
            onClick={() => begin(cut, onClose)}
          >
            <FormattedMessage id="drill.begin" />
          </Button>
        </>
      }
    >
      <div className={styles.dialog}>
        <RadioList
          legend={<FormattedMessage id="drill.dialog.what" />}
          value={cut}
          onChange={setCut}
          options={CUTS.map((value) => ({
            value,
            label: <FormattedMessage id={`drill.cut.${value}`} />,
            help: <FormattedMessage id={`drill.cut.${value}.help`} />,
          }))}
        />
        <p className={styles.happens}>
          <FormattedMessage id="drill.dialog.happens" />
        </p>
        <Failure text={failure === undefined ? undefined : intl.formatMessage({ id }, { code: failure })} />
      </div>
    </Dialog>
  )
}
