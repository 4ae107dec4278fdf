import type { FakeHome } from './fake-home.ts'
import type { FakeOs } from './fake-os.ts'

/** The account's own names for others. */
export function fakePetnameRoutes(os: FakeOs, home: FakeHome) {
  return {
    petnames: os.profiles.petnames.handler(() => ({
      items: [...home.square().petnames].map(([profile, name]) => ({ profile, name })),
    })),
    setPetname: os.profiles.setPetname.handler(({ input: { profile, name } }) => {
      const { petnames } = home.square()
      petnames.delete(profile)
      if (name !== '') petnames.set(profile, name)
      home.emit({ type: 'private' })
      return { profile, name }
    }),
  }
}
