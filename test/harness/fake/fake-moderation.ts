import type { Silence } from '../../../core/contract/views.ts'
import { foldWord } from '../../../core/record/word-text.ts'
import { toHex, utf8 } from '../../../core/util/bytes.ts'
import type { FakeHome } from './fake-home.ts'
import type { FakeOs } from './fake-os.ts'

/** Mutes and blocks: who is silenced is marked on the person, and the sample square heeds it. */
export function fakeModerationRoutes(os: FakeOs, home: FakeHome) {
  const set = (profile: string, silence: Silence, isOn: boolean) => {
    const { silences } = home.square().person(profile)
    silences.delete(silence)
    if (isOn) silences.set(silence, home.now())
    home.emit({ type: 'silences' })
    return { ok: true as const }
  }
  const list = (silence: Silence) => {
    const square = home.square()
    return [...square.people.values()]
      .flatMap((person) => {
        const since = person.silences.get(silence)
        return since === undefined ? [] : [{ ...square.toPerson(person), since }]
      })
      .sort((a, b) => b.since - a.since)
  }
  const words = () => home.square().words
  return {
    words: os.moderation.words.handler(() => ({
      items: [...words().values()].sort((a, b) => a.group.localeCompare(b.group) || a.word.localeCompare(b.word)),
      max: 300,
    })),
    muteWord: os.moderation.muteWord.handler(({ input }) => {
      const id = toHex(utf8(foldWord(input.word)))
      const word = { ...input, id, since: home.now(), isExpired: input.until !== null && input.until <= home.now() }
      words().set(id, word)
      home.emit({ type: 'silences' })
      return word
    }),
    unmuteWord: os.moderation.unmuteWord.handler(({ input }) => {
      words().delete(input.id)
      home.emit({ type: 'silences' })
      return { ok: true as const }
    }),
    list: os.moderation.list.handler(() => ({ muted: list('muted'), blocked: list('blocked') })),
    mute: os.moderation.mute.handler(({ input }) => set(input.profile, 'muted', true)),
    unmute: os.moderation.unmute.handler(({ input }) => set(input.profile, 'muted', false)),
    block: os.moderation.block.handler(({ input }) => set(input.profile, 'blocked', true)),
    unblock: os.moderation.unblock.handler(({ input }) => set(input.profile, 'blocked', false)),
  }
}
