import { EyeOff } from 'lucide-react'
import { FormattedMessage } from 'react-intl'
import type { Silence } from '../../../core/contract/views.ts'
import { Button } from '../../ui/button.tsx'
import { StatePanel } from '../../ui/state-panel.tsx'

export interface SilenceNoticeProps {
  name: string
  silence: Silence
  onShow: () => void
}

/** In the place of somebody's posts on their profile. */
export function SilenceNotice({ name, silence, onShow }: SilenceNoticeProps) {
  return (
    <StatePanel
      icon={<EyeOff size={44} strokeWidth={1.5} aria-hidden />}
      title={<FormattedMessage id={`moderation.notice.${silence}`} values={{ name: <bdi>{name}</bdi> }} />}
      line={<FormattedMessage id="moderation.notice.line" />}
      action={
        <Button onClick={onShow}>
          <FormattedMessage id="moderation.show" />
        </Button>
      }
    />
  )
}
