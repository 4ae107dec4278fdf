import { expect, it } from 'vitest'
import { suggestAll } from '../../../../cli/commands/invite.ts'
import type { Follow } from '../../../../core/contract/views.ts'
import { MAX_INVITATION_PEOPLE } from '../../../../core/record/invitation.ts'

function followed(count: number, state: Follow['state']): Follow[] {
  return Array.from({ length: count }, (_, i) => ({
    profile: `${state} ${i}`,
    name: '',
    avatar: null,
    state,
    since: i,
  }))
}

it('suggests everybody who is followed, and nobody who isn’t yet', () => {
  const follows = [...followed(2, 'pending'), ...followed(MAX_INVITATION_PEOPLE, 'following')]
  const people = suggestAll(follows)
  expect(people).toHaveLength(MAX_INVITATION_PEOPLE)
  expect(people[0]).toBe('following 0')
})

it('says that there is no room for more, and leaves nobody out silently', () => {
  const count = MAX_INVITATION_PEOPLE + 6
  expect(() => suggestAll(followed(count, 'following'))).toThrow(
    `${count} people are followed, and an invitation names at most ${MAX_INVITATION_PEOPLE}`,
  )
})
