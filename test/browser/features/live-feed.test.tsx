import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { expect, it } from 'vitest'
import { page } from 'vitest/browser'
import type { FeedPage } from '../../../renderer/features/timeline/feed-window.ts'
import { useLiveFeed } from '../../../renderer/features/timeline/use-live-feed.ts'
import { renderNow } from '../harness/render-now.ts'

interface Row {
  id: string
  ts: number
}
type Asked = PromiseWithResolvers<FeedPage<Row>>

const QUERY_KEY = ['rows']
const row = (ts: number): Row => ({ id: `row ${ts}`, ts })
const toPage = (...times: number[]): FeedPage<Row> => ({ items: times.map(row), cursor: null })
const timeOf = ({ ts }: Row) => ts

/** A list that somebody reads, and whose reading is answered one by one. */
function open({ isReading = true } = {}) {
  const asked: Asked[] = []
  const readPage = () => {
    const next = Promise.withResolvers<FeedPage<Row>>()
    asked.push(next)
    return next.promise
  }
  function List() {
    const feed = useLiveFeed<Row, FeedPage<Row>>({ queryKey: QUERY_KEY, readPage, timeOf, isReading })
    return (
      <>
        <button type="button" onClick={() => feed.lookSoon(feed.showWaiting)}>
          Write
        </button>
        <p>{feed.waiting} waiting</p>
        <p style={{ blockSize: 4_000 }} />
        {feed.rows.map(({ id }) => (
          <p key={id}>{id}</p>
        ))}
      </>
    )
  }
  return {
    List,
    looks: () => asked.length,
    answer: async (nth: number, answer: FeedPage<Row>) => {
      await expect.poll(() => asked.length).toBeGreaterThan(nth)
      asked[nth]?.resolve(answer)
    },
  }
}

it('shows at once what somebody wrote while a look was under way that came too early for it', async () => {
  const { List, looks, answer } = open()
  await renderNow(
    <QueryClientProvider client={new QueryClient()}>
      <List />
    </QueryClientProvider>,
  )
  await answer(0, toPage(1))
  await expect.element(page.getByText('row 1')).toBeVisible()
  await expect.poll(looks).toBe(2)
  await page.getByRole('button', { name: 'Write' }).click()
  await answer(1, toPage(1))
  await answer(2, toPage(2, 1))
  await expect.element(page.getByText('row 2')).toBeVisible()
  await expect.element(page.getByText('0 waiting')).toBeVisible()
})

it('holds what is new for who has scrolled down, also before any event has said so', async () => {
  const { List, answer } = open({ isReading: false })
  await renderNow(
    <QueryClientProvider client={new QueryClient()}>
      <List />
    </QueryClientProvider>,
  )
  await answer(0, toPage(1))
  await expect.element(page.getByText('row 1')).toBeInTheDocument()
  window.scrollTo(0, 400)
  await answer(1, toPage(2, 1))
  await expect.element(page.getByText('1 waiting')).toBeInTheDocument()
  expect(page.getByText('row 2').elements()).toEqual([])
})
