import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { useLocation } from 'wouter'
import type { DeviceView } from '../../../core/contract/accounts.ts'
import { Page } from '../../app/layout.tsx'
import { routes } from '../../app/routes.ts'
import { errorCodeOf } from '../../rpc/client.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Button } from '../../ui/button.tsx'
import { PostSkeleton } from '../../ui/skeleton.tsx'
import { FailedPanel } from '../people/failed-panel.tsx'
import { Section, SettingsContents } from '../settings/parts.tsx'
import settings from '../settings/settings.module.css'
import { type DeviceAct, DeviceDialog } from './device-dialogs.tsx'
import { DeviceRow } from './device-row.tsx'

/** Every device that speaks or spoke for this account, and what can be done with it. */
export function DevicesPage() {
  const intl = useIntl()
  const { orpc } = useRpc()
  const [, navigate] = useLocation()
  // What devices signed since the last visit is said by no hint.
  const { data, error, refetch } = useQuery(orpc.devices.list.queryOptions({ staleTime: 0 }))
  const [asked, setAsked] = useState<{ act: DeviceAct; device: DeviceView }>()
  const items = data?.items ?? []
  const inUse = items.filter(({ status }) => status === 'active')
  const others = items.filter(({ status }) => status !== 'active')
  const ask = (act: DeviceAct, device: DeviceView) => setAsked({ act, device })
  const isOwnInUse = inUse.some(({ isThis }) => isThis)

  return (
    <Page title={intl.formatMessage({ id: 'devices.title' })} hasBack context={<SettingsContents />}>
      <div className={settings.page}>
        {data === undefined && error === null && <PostSkeleton count={2} />}
        {data === undefined && error !== null && (
          <FailedPanel
            title={<FormattedMessage id="devices.failed" />}
            error={error}
            line={<FormattedMessage id="recovery.failed.line" values={{ code: errorCodeOf(error) }} />}
            onRetry={() => void refetch()}
          />
        )}
        {data !== undefined && (
          <>
            <Section
              id="devices-active"
              title={<FormattedMessage id="devices.active" values={{ n: inUse.length }} />}
              action={
                isOwnInUse && (
                  <Button size="small" kind="primary" onClick={() => navigate(routes.linkDevice)}>
                    <FormattedMessage id="devices.link" />
                  </Button>
                )
              }
            >
              {inUse.map((device) => (
                <DeviceRow key={device.peerId} device={device} all={items} onAsk={ask} />
              ))}
            </Section>
            {others.length > 0 && (
              <Section id="devices-former" title={<FormattedMessage id="devices.former" />}>
                {others.map((device) => (
                  <DeviceRow key={device.peerId} device={device} all={items} onAsk={ask} />
                ))}
              </Section>
            )}
            <p className={settings.note}>
              <FormattedMessage id="devices.note" />
            </p>
          </>
        )}
      </div>
      {asked !== undefined && <DeviceDialog {...asked} onClose={() => setAsked(undefined)} />}
    </Page>
  )
}
