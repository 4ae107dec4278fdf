import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { generateKeyPair } from '../../core/identity/keys.ts'
import { FramedStream } from '../../core/net/framed-stream.ts'
import { createHost, type Host } from '../../core/net/host.ts'
import { LOCAL_LIMITS } from '../../core/net/net-limits.ts'
import { loadWebRtc, SIGNALING_PROTOCOL } from '../../core/net/webrtc.ts'
import { concatBytes, utf8 } from '../../core/util/bytes.ts'
import { silentLogger } from '../../core/util/logger.ts'
import { FUZZ_IS_LONG, fuzzSeed, SeededChoice } from '../harness/seeded-random.ts'
import { eventually } from '../harness/wait.ts'

const SEED = fuzzSeed('hostile signaling')
const ROUNDS = FUZZ_IS_LONG ? 2_000 : 40
const ANSWER_LIMIT_MS = 30_000
const MAX_FRAME_BYTES = 16 * 1024 * 1024
const MAX_GROWTH_BYTES = 100 * 1024 * 1024
const TYPE = { offer: 0, answer: 1, candidate: 2 } as const

/** As a browser says it; where it leads there is nobody, and that is this machine. */
const OFFER = [
  'v=0',
  'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 127.0.0.1',
  'a=mid:0',
  'a=sendrecv',
  'a=ice-ufrag:someufrag',
  'a=ice-pwd:apasswordoftwentytwochars',
  'a=ice-options:trickle',
  `a=fingerprint:sha-256 ${Array(32).fill('5A').join(':')}`,
  'a=setup:actpass',
  'a=sctp-port:5000',
  'a=max-message-size:16384',
  'a=candidate:1 1 UDP 2122252543 127.0.0.1 9 typ host',
]

/** A message of the signalling protocol: protobuf, its type and its text. */
function message(type: number, text: string): Uint8Array {
  const data = utf8(text)
  const length: number[] = []
  for (let rest = data.length; rest > 0 || length.length === 0; rest = Math.floor(rest / 128)) {
    length.push((rest % 128) | (rest >= 128 ? 0x80 : 0))
  }
  return concatBytes(Uint8Array.of(0x08, type, 0x12, ...length), data)
}

const offer = (lines: readonly string[]) => message(TYPE.offer, `${lines.join('\r\n')}\r\n`)

/** Lines left out, doubled, shuffled, cut, with other numbers and endless ones. */
function spoil(lines: readonly string[], choice: SeededChoice): string[] {
  const spoiled = [...lines]
  for (let times = 1 + choice.below(4); times > 0; times--) {
    const at = choice.below(spoiled.length)
    const line = spoiled[at] ?? ''
    const other = choice.pick(lines)
    const changes: readonly (readonly string[])[] = [
      [],
      [line, line],
      [other, line],
      [line.slice(0, choice.below(line.length + 1))],
      [line.replace(/\d+/, choice.pick(['-1', '0', '4294967296', '9'.repeat(400), '', 'x']))],
      [`${line}${'A'.repeat(choice.pick([1, 300, 60_000]))}`],
      Array(choice.pick([10, 1_000])).fill(line),
      [line.replaceAll(/[: ]/g, choice.pick(['', '\0', '::', '\r\n', '%n%s']))],
    ]
    spoiled.splice(at, 1, ...choice.pick(changes))
  }
  return spoiled
}

const CANDIDATES: readonly string[] = [
  'null',
  '{}',
  '[]',
  '{"candidate":5}',
  '{"candidate":"","sdpMid":"0"}',
  '{"candidate":"candidate:x","sdpMid":"0"}',
  `{"candidate":"candidate:1 1 UDP 1 127.0.0.1 ${'9'.repeat(5_000)} typ host","sdpMid":"0"}`,
  `{"candidate":"candidate:1 1 UDP 1 127.0.0.1 9 typ host","sdpMid":"${'m'.repeat(60_000)}"}`,
  `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
  '{"candidate":',
]

describe(`a peer that signals nonsense, seed ${SEED}`, () => {
  let victim: Host<Record<string, unknown>>
  let attacker: Host<Record<string, unknown>>

  beforeEach(async () => {
    const start = (isLocal: boolean) =>
      createHost(
        { logger: silentLogger },
        {
          privateKey: generateKeyPair().secretKey,
          listen: ['/ip4/127.0.0.1/tcp/0'],
          limits: LOCAL_LIMITS,
          isLocal,
          // Crossing isn't loaded on a local network; nothing here knows an address outside of this machine.
          ...(isLocal ? {} : { reach: { relayPlaces: 0 } }),
          services: {},
        },
      )
    victim = await start(false)
    attacker = await start(true)
    onTestFinished(async () => void (await Promise.all([victim.stop(), attacker.stop()])))
    if (victim.reach === null) throw new Error('the host has no reach')
    const crossing = await loadWebRtc(victim.reach.components(), () => [])
    onTestFinished(() => crossing.stop())
    await attacker.dial(victim.addresses()[0] as string)
  })

  async function open(): Promise<FramedStream> {
    const stream = await attacker.openStream(victim.peerId, SIGNALING_PROTOCOL, { maxOutbound: 1_000 })
    return new FramedStream(stream, { maxFrameBytes: MAX_FRAME_BYTES })
  }

  /** Sends these on a stream of its own and hangs up. @returns what came back, null for nothing */
  async function tell(messages: readonly Uint8Array[]): Promise<Uint8Array | null> {
    const framed = await open()
    const answer = framed.readFrame({ signal: AbortSignal.timeout(ANSWER_LIMIT_MS) }).catch(() => null)
    for (const each of messages) await framed.writeFrame(each).catch(() => {})
    await framed.close().catch(() => {})
    const came = await answer
    framed.abort(new Error('enough'))
    return came
  }

  /** The control: whoever offers as one should is answered, so what is spoiled gets as far as this. */
  async function isAnswered(): Promise<boolean> {
    const answer = await eventually('a place to signal', () => tell([offer(OFFER)]))
    return answer[0] === 0x08 && answer[1] === TYPE.answer && Buffer.from(answer).includes('m=application')
  }

  it('is refused or ignored, whatever it says, and the next is answered', async () => {
    expect(await isAnswered()).toBe(true)
    const before = process.memoryUsage().rss
    const choice = new SeededChoice(SEED)
    const wrong = [
      new Uint8Array(),
      Uint8Array.of(0xff, 0xff, 0xff),
      message(TYPE.offer, ''),
      message(TYPE.answer, OFFER.join('\r\n')),
      message(77, 'what?'),
      message(TYPE.candidate, 'null'),
      message(TYPE.offer, 'x'.repeat(3_000_000)),
      offer(Array(20_000).fill(OFFER.at(-1))),
      offer([...OFFER, ...Array(2_000).fill(OFFER[5])]),
    ]
    for (const each of wrong) await tell([each])
    for (const text of CANDIDATES) await tell([offer(OFFER), message(TYPE.candidate, text)])
    for (let round = 0; round < ROUNDS; round++) {
      await tell([offer(spoil(OFFER, choice)), message(TYPE.candidate, choice.pick(CANDIDATES))])
    }
    expect(await isAnswered()).toBe(true)
    expect(process.memoryUsage().rss - before).toBeLessThan(MAX_GROWTH_BYTES)
  })

  it('has two places and no more, however often it asks (RCH7)', async () => {
    const held = [await open(), await open()]
    const answers = await Promise.all(Array.from({ length: 100 }, () => tell([offer(OFFER)]).catch(() => null)))
    expect(answers.filter((answer) => answer !== null)).toEqual([])
    expect(await attacker.ping(victim.peerId)).toBeGreaterThanOrEqual(0)
    for (const each of held) each.abort(new Error('enough'))
    expect(await isAnswered()).toBe(true)
  })
})
