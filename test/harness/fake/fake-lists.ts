import { ORPCError } from '@orpc/server'
import type { FakeHome } from './fake-home.ts'
import type { FakeOs } from './fake-os.ts'
import type { FakePost, FakeSquare } from './fake-square.ts'

export function fakeListRoutes(os: FakeOs, home: FakeHome) {
  const lists = () => home.square().lists
  const find = (id: string) => {
    const list = lists().get(id)
    if (list === undefined) throw new ORPCError('not-found', { message: `there is no list ${id}` })
    return list
  }
  const view = (id: string, member?: string) => {
    const { name, members } = find(id)
    return { id, name, members: members.size, since: home.now(), has: member !== undefined && members.has(member) }
  }
  const done = { ok: true as const }
  return {
    list: os.lists.list.handler(({ input }) => ({
      items: [...lists().keys()].map((id) => view(id, input.member)).sort((a, b) => a.name.localeCompare(b.name)),
    })),
    get: os.lists.get.handler(({ input: { id } }) => ({
      ...view(id),
      people: [...find(id).members].map((profile) => home.square().toPerson(home.square().person(profile))),
    })),
    create: os.lists.create.handler(({ input }) => {
      const id = (lists().size + 1).toString(16).padStart(32, '0')
      lists().set(id, { name: input.name, members: new Set() })
      return { id }
    }),
    rename: os.lists.rename.handler(({ input }) => {
      find(input.id).name = input.name
      return done
    }),
    remove: os.lists.remove.handler(({ input }) => {
      lists().delete(input.id)
      return done
    }),
    add: os.lists.add.handler(({ input }) => {
      find(input.id).members.add(input.profile)
      return done
    }),
    drop: os.lists.drop.handler(({ input }) => {
      find(input.id).members.delete(input.profile)
      return done
    }),
  }
}

export function isListed({ lists }: FakeSquare, { author }: FakePost, list: string): boolean {
  return lists.get(list)?.members.has(author) ?? false
}
