import { describe, expect, it } from 'vitest'
import { encodeCbor } from '../../../core/codec/dag-cbor.ts'
import {
  decodeMessage,
  encodeMessage,
  MAX_MESSAGE_BYTES,
  MAX_MESSAGE_OPERATIONS,
  MAX_MESSAGE_RECORDS,
  messageId,
} from '../../../core/gossip/message.ts'
import { formatTopic, listTopics, SHARD_COUNT, shardOf } from '../../../core/gossip/shards.ts'
import { toHex, utf8 } from '../../../core/util/bytes.ts'

const one = Uint8Array.of(1)

describe('encodeMessage and decodeMessage', () => {
  it('carry operations and records (GOS3)', () => {
    const batch = { operations: [one], records: [utf8('record'), utf8('another')] }
    expect(decodeMessage(encodeMessage(batch))).toEqual(batch)
  })

  it.each<[string, Uint8Array]>([
    ['bytes that are no CBOR', Uint8Array.of(0xff)],
    ['an empty message', encodeMessage({ operations: [], records: [] })],
    ['a third element', encodeCbor([[], [one], []])],
    ['a map', encodeCbor({ records: [one] })],
    ['text among the records', encodeCbor([[], ['record']])],
    ['a number in place of a list', encodeCbor([0, [one]])],
    ['too many records', encodeCbor([[], Array.from({ length: MAX_MESSAGE_RECORDS + 1 }, () => one)])],
    ['too many operations', encodeCbor([Array.from({ length: MAX_MESSAGE_OPERATIONS + 1 }, () => one), []])],
    ['more than 48 KiB', encodeCbor([[], [new Uint8Array(MAX_MESSAGE_BYTES)]])],
    ['trailing bytes', Uint8Array.of(...encodeMessage({ operations: [], records: [one] }), 0)],
    ['a length that is not in its shortest form', Uint8Array.of(0x82, 0x80, 0x98, 0x01, 0x41, 0x01)],
  ])('refuse %s (GOS3)', (_, bytes) => {
    expect(decodeMessage(bytes)).toBeNull()
  })
})

describe('messageId', () => {
  it('is the first 20 bytes of sha256 of the data (GOS4)', () => {
    expect(toHex(messageId(utf8('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a3')
  })
})

describe('shards', () => {
  it('are the first six bits of sha256 of the address (GOS2)', () => {
    // sha256('abc') begins with 0xba = 0b10111010.
    expect(shardOf(utf8('abc'))).toBe(0b101110)
  })

  it('have the topics of the network (GOS1)', () => {
    expect(listTopics()).toHaveLength(SHARD_COUNT)
    expect(listTopics()[0]).toBe('/palabre/1/shard/00')
    expect(listTopics()[63]).toBe('/palabre/1/shard/63')
    expect(formatTopic(7, 'village')).toBe('/village/1/shard/07')
  })
})
