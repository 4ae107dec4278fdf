import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import {
  createClient,
  createNodeQueries,
  createTransport,
  errorCodeOf,
  type NodeClient,
  type NodeQueries,
} from './client.ts'
import { EventFeed } from './event-feed.ts'
import type { Connection, Transport } from './transport.ts'

export interface Rpc {
  /** Calls straight away. */
  client: NodeClient
  /** Options and keys for TanStack Query: `useQuery(orpc.timeline.home.queryOptions(…))`. */
  orpc: NodeQueries
  connection: Connection
  /** Tries to connect now. */
  retry: () => void
  events: EventFeed
}

const RpcContext = createContext<Rpc | null>(null)

/** Codes that another try would not change. */
const FINAL_CODES = new Set(['no-account', 'not-found', 'bad-request', 'not-here', 'account-exists', 'too-long'])
const MAX_RETRIES = 2

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // The node sits on this computer: the browser's idea of being online says nothing about it.
        networkMode: 'always',
        staleTime: 30_000,
        gcTime: 15 * 60_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < MAX_RETRIES && !FINAL_CODES.has(errorCodeOf(error)),
      },
      mutations: { networkMode: 'always', retry: false },
    },
  })
}

/** Holds the one connection of this window; tests give their own transport. */
export function RpcProvider({ children, transport: given }: { children: ReactNode; transport?: Transport }) {
  const [transport] = useState(() => given ?? createTransport())
  const [parts] = useState(() => {
    const client = createClient(transport)
    const queries = createNodeQueries(client)
    const queryClient = createQueryClient()
    return { client, queries, queryClient, events: new EventFeed({ client, queries, queryClient }) }
  })
  const connection = useSyncExternalStore(
    (listener) => transport.subscribe(listener),
    () => transport.connection,
  )
  useEffect(() => {
    parts.events.start()
    return () => parts.events.stop()
  }, [parts])
  const rpc = useMemo<Rpc>(
    () => ({
      client: parts.client,
      orpc: parts.queries,
      connection,
      retry: () => transport.retry(),
      events: parts.events,
    }),
    [parts, connection, transport],
  )
  return (
    <RpcContext value={rpc}>
      <QueryClientProvider client={parts.queryClient}>{children}</QueryClientProvider>
    </RpcContext>
  )
}

export function useRpc(): Rpc {
  const rpc = useContext(RpcContext)
  if (rpc === null) throw new Error('useRpc needs an RpcProvider above it')
  return rpc
}
