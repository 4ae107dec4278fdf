import { KeyRound, MailOpen, NotebookText, Smartphone, Sprout, UsersRound } from 'lucide-react'
import { FormattedMessage, useIntl } from 'react-intl'
import { BackButton, StepFrame } from './step-frame.tsx'
import { type Way, WayList } from './way-list.tsx'

/** Where the first run stands before there is an account. */
export type Place = 'choose' | 'invited' | 'new' | 'have' | 'link' | 'words' | 'guardians'

const ICON = { size: 22, strokeWidth: 1.75, 'aria-hidden': true } as const
const ARRIVALS = [
  ['invited', <MailOpen key="invited" {...ICON} />],
  ['new', <Sprout key="new" {...ICON} />],
  ['have', <KeyRound key="have" {...ICON} />],
] as const
const RETURNS = [
  ['link', <Smartphone key="link" {...ICON} />],
  ['words', <NotebookText key="words" {...ICON} />],
  ['guardians', <UsersRound key="guardians" {...ICON} />],
] as const

function waysOf(places: typeof ARRIVALS | typeof RETURNS, onGo: (place: Place) => void): Way[] {
  return places.map(([place, icon]) => ({
    key: place,
    icon,
    title: <FormattedMessage id={`onboarding.way.${place}`} />,
    line: <FormattedMessage id={`onboarding.way.${place}.line`} />,
    onChoose: () => onGo(place),
  }))
}

/** The very first screen: new here, or with an account from elsewhere. */
export function ChooseStep({ onGo, hasFocus }: { onGo: (place: Place) => void; hasFocus: boolean }) {
  const intl = useIntl()
  return (
    <StepFrame
      hasFocus={hasFocus}
      title={<FormattedMessage id="onboarding.arrive.title" />}
      lead={<FormattedMessage id="onboarding.arrive.lead" />}
    >
      <WayList label={intl.formatMessage({ id: 'onboarding.ways' })} ways={waysOf(ARRIVALS, onGo)} />
    </StepFrame>
  )
}

/** The three ways in which an account comes to a computer that has none. */
export function HaveStep({ onGo }: { onGo: (place: Place) => void }) {
  const intl = useIntl()
  return (
    <StepFrame
      title={<FormattedMessage id="onboarding.have.title" />}
      lead={<FormattedMessage id="onboarding.have.lead" />}
      actions={<BackButton onClick={() => onGo('choose')} />}
    >
      <WayList label={intl.formatMessage({ id: 'onboarding.ways' })} ways={waysOf(RETURNS, onGo)} />
    </StepFrame>
  )
}
