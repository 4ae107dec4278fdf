import { Toast as Base } from '@base-ui/react/toast'
import { Check, CircleAlert, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useCallback } from 'react'
import { useIntl } from 'react-intl'
import { IconButton } from './icon-button.tsx'
import styles from './toast.module.css'

export interface ToastInit {
  text: string
  icon?: ReactNode
  /** Something did not happen that was asked for in a toast. */
  isFailure?: boolean
  /** With an action the toast stays 10 s instead of 6. */
  action?: { label: string; onSelect: () => void }
  /** It goes when what `useToast` answered is called, or when somebody closes it: for what can be done only so long. */
  staysUntilClosed?: boolean
}

const PLAIN_MS = 6_000
const ACTION_MS = 10_000
const LIMIT = 3

/** The library makes each a dialog whose way out is hidden until the focus is in; here it is a line with buttons. */
const NO_DIALOG = { 'aria-modal': undefined }
const NOT_HIDDEN = { 'aria-hidden': undefined }

const FAILED = <CircleAlert size={18} strokeWidth={1.9} aria-hidden />

interface ToastData {
  icon?: ReactNode
}

/** Good news only: a failure stays where it happened, that of a toast's action in a toast. Hover and focus keep a toast. */
export function ToastProvider({ children }: { children: ReactNode }) {
  return (
    <Base.Provider timeout={PLAIN_MS} limit={LIMIT}>
      {children}
      <ToastList />
    </Base.Provider>
  )
}

/** Shows a toast; what it answers closes it. */
export function useToast(): (toast: ToastInit) => () => void {
  const { add, close } = Base.useToastManager<ToastData>()
  return useCallback(
    ({ text, isFailure = false, icon = isFailure ? FAILED : undefined, action, staysUntilClosed = false }) => {
      const id: string = add({
        description: text,
        timeout: staysUntilClosed ? 0 : action === undefined ? PLAIN_MS : ACTION_MS,
        data: icon === undefined ? {} : { icon },
        actionProps:
          action === undefined
            ? undefined
            : {
                children: action.label,
                onClick: () => {
                  action.onSelect()
                  close(id)
                },
              },
      })
      return () => close(id)
    },
    [add, close],
  )
}

function ToastList() {
  const { toasts } = Base.useToastManager<ToastData>()
  const intl = useIntl()
  return (
    <Base.Portal>
      <Base.Viewport className={styles.viewport} role="status" aria-label={intl.formatMessage({ id: 'ui.toasts' })}>
        {toasts.map((toast) => (
          <Base.Root
            key={toast.id}
            toast={toast}
            className={styles.toast}
            role="group"
            {...NO_DIALOG}
            swipeDirection={[]}
          >
            {toast.data?.icon ?? <Check size={18} strokeWidth={2.2} aria-hidden />}
            <Base.Description className={styles.text} />
            <Base.Action className={styles.action} />
            <Base.Close
              className={styles.close}
              {...NOT_HIDDEN}
              render={<IconButton label={intl.formatMessage({ id: 'ui.close' })} icon={<X size={16} />} />}
            />
          </Base.Root>
        ))}
      </Base.Viewport>
    </Base.Portal>
  )
}
