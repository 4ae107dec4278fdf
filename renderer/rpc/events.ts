import { useEffect, useRef } from 'react'
import type { NodeEventHandler } from './event-feed.ts'
import { useRpc } from './provider.tsx'

/** Calls the handler for each hint of the node, after the query cache was told. */
export function useNodeEvent(handler: NodeEventHandler): void {
  const { events } = useRpc()
  const latest = useRef(handler)
  useEffect(() => {
    latest.current = handler
  })
  useEffect(() => events.listen((event) => latest.current(event)), [events])
}
