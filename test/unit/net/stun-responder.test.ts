import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { STUN_BURST, StunResponder } from '../../../core/net/stun-responder.ts'
import { fromHex, toHex } from '../../../core/util/bytes.ts'
import { ManualClock } from '../../../core/util/clock.ts'
import { silentLogger } from '../../../core/util/logger.ts'
import { eventually } from '../../harness/wait.ts'

const bytesOf = (hex: string): Uint8Array => fromHex(hex) as Uint8Array

const TRANSACTION = '2112a442b7e7a701bc34d686fa87dfae'
const REQUEST = bytesOf(`00010000${TRANSACTION}`)

describe('StunResponder', () => {
  let responder: StunResponder
  let clock: ManualClock
  let port: number
  let client: Socket
  let answers: string[]

  beforeEach(async () => {
    clock = new ManualClock(1_000_000)
    responder = new StunResponder({ logger: silentLogger, clock }, { host: '127.0.0.1', port: 0 })
    port = await responder.start()
    client = createSocket('udp4')
    answers = []
    client.on('message', (message) => answers.push(toHex(message)))
    client.bind(0, '127.0.0.1')
    await once(client, 'listening')
    onTestFinished(() => {
      client.close()
      responder.stop()
    })
  })

  const send = (bytes: Uint8Array) =>
    new Promise<void>((resolve) => client.send(bytes, port, '127.0.0.1', () => resolve()))

  it('tells the asker the address and port that it is seen under, in 32 bytes (RCH5)', async () => {
    await send(REQUEST)
    await eventually('an answer', () => answers.length > 0)
    const xored = (client.address().port ^ 0x2112).toString(16).padStart(4, '0')
    expect(answers).toEqual([`0101000c${TRANSACTION}002000080001${xored}5e12a443`])
  })

  it('says nothing to anything else, and goes on (RCH5)', async () => {
    const noise = ['', '00', 'ff'.repeat(20), `0101${toHex(REQUEST).slice(4)}`, 'ab'.repeat(1_400)]
    for (const hex of noise) await send(bytesOf(hex))
    await send(REQUEST)
    await eventually('an answer', () => answers.length > 0)
    expect(answers).toHaveLength(1)
  })

  it('answers one address a burst, then a few a second (RCH5)', async () => {
    for (let i = 0; i < 3 * STUN_BURST; i++) await send(REQUEST)
    await eventually('the burst', () => answers.length === STUN_BURST)
    clock.advance(1_000)
    for (let i = 0; i < 3 * STUN_BURST; i++) await send(REQUEST)
    await eventually('five more', () => answers.length === STUN_BURST + 5)
    clock.advance(1_000)
    await send(bytesOf(`00010000${TRANSACTION.replace(/ae$/, 'af')}`))
    await eventually('the last', () => answers.at(-1)?.includes('dfaf'))
    expect(answers).toHaveLength(STUN_BURST + 6)
  })

  it('says that a port is taken', async () => {
    const second = new StunResponder({ logger: silentLogger }, { host: '127.0.0.1', port })
    await expect(second.start()).rejects.toThrow(/EADDRINUSE/)
  })
})
