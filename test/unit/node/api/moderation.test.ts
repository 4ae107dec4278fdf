import { createRouterClient } from '@orpc/server'
import { describe, expect, it } from 'vitest'
import { createRouter } from '../../../../core/node/api/router.ts'
import type { ThreadQuery } from '../../../../core/timeline/reader.ts'
import { silentLogger } from '../../../../core/util/logger.ts'
import { createFakeServices, FAKE_POST_ID, FAKE_PROFILE } from '../../../harness/fake-services.ts'

function open() {
  const { services, calls } = createFakeServices()
  const silences = {
    list: async () => ({ muted: [{ profile: FAKE_PROFILE, name: 'Nour', avatar: null, since: 7 }], blocked: [] }),
    mute: async (profile: string, isOn: boolean) => void calls.push(['mute', profile, isOn]),
    block: async (profile: string, isOn: boolean) => void calls.push(['block', profile, isOn]),
  }
  const reader = {
    ...services.reader,
    thread: async (id: string, query?: ThreadQuery) => {
      calls.push(['thread', query?.silenced])
      return services.reader.thread(id)
    },
  }
  const router = createRouter({
    services: { ...services, reader, silences },
    gate: { isStopping: false },
    logger: silentLogger,
  })
  return { client: createRouterClient(router, { context: { carrier: 'local' } }), calls }
}

describe('moderation', () => {
  it('mutes and blocks, takes back, and lists', async () => {
    const { client, calls } = open()
    const profile = FAKE_PROFILE
    for (const act of ['mute', 'unmute', 'block', 'unblock'] as const) {
      expect(await client.moderation[act]({ profile })).toEqual({ ok: true })
    }
    expect(calls).toEqual([
      ['mute', profile, true],
      ['mute', profile, false],
      ['block', profile, true],
      ['block', profile, false],
    ])
    expect((await client.moderation.list()).muted).toMatchObject([{ profile, since: 7 }])
  })

  it('shows what somebody says who is silenced only to who asks for it', async () => {
    const { client, calls } = open()
    await client.threads.get({ id: FAKE_POST_ID })
    await client.threads.get({ id: FAKE_POST_ID, silenced: true })
    expect(calls).toEqual([
      ['thread', false],
      ['thread', true],
    ])
  })
})
