import { expect, it } from 'vitest'
import { silencedLines } from '../../../../cli/commands/silence.ts'

const person = (profile: string, name: string) => ({ profile, name, avatar: null, since: 1_000 })

it('says who is muted and who is blocked, without what their names could do to a terminal', () => {
  const muted = [person('12D3KooWOne', 'Nour'), person('12D3KooWTwo', '')]
  const blocked = [person('12D3KooWThree', '\u001b[2Jgone\u009b31m')]
  expect(silencedLines({ muted, blocked })).toEqual([
    'muted 12D3KooWOne Nour',
    'muted 12D3KooWTwo',
    'blocked 12D3KooWThree \ufffd[2Jgone\ufffd31m',
  ])
})
