import type { FakeHome } from './fake-home.ts'
import type { FakeOs } from './fake-os.ts'

/** Whoever has a name here is followed at once, everybody else is looked for. */
export function fakeFollow(home: FakeHome, profile: string): 'pending' | 'following' {
  const person = home.square().person(profile)
  const state = person.follow === 'none' ? (person.name === '' ? 'pending' : 'following') : person.follow
  Object.assign(person, { follow: state, since: home.now() })
  home.emit({ type: 'follows' })
  return state
}

export function fakeFollowRoutes(os: FakeOs, home: FakeHome) {
  return {
    add: os.follows.add.handler(({ input }) => {
      const profile = input.profile.replace(/^palabre:/, '').split(/[/?]/)[0] as string
      return { profile, state: fakeFollow(home, profile) }
    }),
    remove: os.follows.remove.handler(({ input }) => {
      home.square().person(input.profile).follow = 'none'
      home.emit({ type: 'follows' })
      return { profile: input.profile, state: 'none' as const }
    }),
    list: os.follows.list.handler(() => ({ items: home.square().follows() })),
  }
}
