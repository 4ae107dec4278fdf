import { FormattedMessage, useIntl } from 'react-intl'
import { Dialog } from '../ui/dialog.tsx'
import styles from './help-dialog.module.css'
import { useSettings } from './use-settings.ts'

const KEYS: readonly (readonly [id: string, ...keys: string[]])[] = [
  ['help.write', 'n'],
  ['help.next', 'j'],
  ['help.previous', 'k'],
  ['help.open', 'Enter'],
  ['help.react', 'l'],
  ['help.pick', 'e'],
  ['help.reply', 'r'],
  ['help.repost', 't'],
  ['help.quote', 'q'],
  ['help.new', '.'],
  ['help.search', '/'],
  ['help.home', 'g', 'h'],
  ['help.notifications', 'g', 'n'],
  ['help.bookmarks', 'g', 'b'],
  ['help.network', 'g', 'c'],
  ['help.profile', 'g', 'p'],
  ['help.help', '?'],
]

export function HelpDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const intl = useIntl()
  const { singleKeys } = useSettings().settings
  const isApple = navigator.userAgent.includes('Mac')
  return (
    <Dialog open={open} onClose={onClose} title={intl.formatMessage({ id: 'help.title' })}>
      <dl className={styles.keys}>
        {KEYS.map(([id, ...keys]) => (
          <div key={id} className={styles.row}>
            <dt>
              <FormattedMessage id={id} />
            </dt>
            <dd className={styles.press}>
              {keys.map((key, index) => (
                <span key={key}>
                  {index > 0 && (
                    <span className={styles.then}>
                      <FormattedMessage id="help.then" />
                    </span>
                  )}
                  <kbd className={styles.key}>{key}</kbd>
                </span>
              ))}
            </dd>
          </div>
        ))}
        <div className={styles.row}>
          <dt>
            <FormattedMessage id="help.send" />
          </dt>
          <dd className={styles.press}>
            <kbd className={styles.key}>{isApple ? '⌘' : 'Ctrl'}</kbd>
            <kbd className={styles.key}>↵</kbd>
          </dd>
        </div>
      </dl>
      <p className={styles.note}>
        <FormattedMessage id={singleKeys ? 'help.off' : 'help.isOff'} />
      </p>
    </Dialog>
  )
}
