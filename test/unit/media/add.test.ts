import { describe, expect, it } from 'vitest'
import { addMedia } from '../../../core/media/add.ts'
import { UnsupportedMediaError } from '../../../core/media/errors.ts'
import { readMedia } from '../../../core/media/read.ts'
import { fromHex } from '../../../core/util/bytes.ts'
import { MemoryTables } from '../../harness/media/memory-tables.ts'
import { holds, jpegFromPhone, pictures, webpOf } from '../../harness/media/pictures.ts'

describe('addMedia', () => {
  it('adds a file without its metadata and reads it back, without a network (MED9)', async () => {
    const tables = new MemoryTables()
    const media = await addMedia(tables, jpegFromPhone(), { alt: 'a red square', thumbhash: 'AAAA' })
    expect(media).toMatchObject({ type: 'image/jpeg', width: 12, height: 8, alt: 'a red square', thumbhash: 'AAAA' })
    const file = await readMedia(tables, media.cid)
    expect(file?.type).toBe('image/jpeg')
    expect(file?.bytes.length).toBe(media.size)
    expect(holds(file?.bytes as Uint8Array, 'SECRET')).toBe(false)
    for (const block of tables.stored.values()) expect(holds(block, 'SECRET')).toBe(false)
  })

  it('gives the same CID for the same picture', async () => {
    const tables = new MemoryTables()
    const [a, b] = [
      await addMedia(tables, pictures.png, { alt: 'a' }),
      await addMedia(tables, pictures.png, { alt: 'b' }),
    ]
    expect(a.cid).toBe(b.cid)
  })

  it('keeps what no record refers to yet, and collects it once it is not pending (MED4)', async () => {
    const tables = new MemoryTables()
    const { cid } = await addMedia(tables, pictures.png, { alt: '' })
    await tables.collectGarbage()
    expect(await readMedia(tables, cid)).not.toBeNull()
    const dag = tables.dags.get(cid)
    if (dag !== undefined) dag.isPending = false
    await tables.collectGarbage()
    expect(await readMedia(tables, cid)).toBeNull()
  })

  it('refuses what is no picture with the reason, and stores nothing', async () => {
    const tables = new MemoryTables()
    const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>')
    await expect(addMedia(tables, svg, { alt: '' })).rejects.toThrow(UnsupportedMediaError)
    await expect(addMedia(tables, webpOf(), { alt: '' })).rejects.toMatchObject({ code: 'unsupported-media' })
    expect(tables.stored.size).toBe(0)
  })

  it('reads null for what is not here, not whole, damaged or no CID (MED9)', async () => {
    const tables = new MemoryTables()
    const { cid } = await addMedia(tables, pictures.png, { alt: '' })
    expect(await readMedia(tables, '../../etc/passwd')).toBeNull()
    expect(await readMedia(tables, 'bafkreidzzc2nzpeycsqypeclu75fluuaqlnsaywqgghehhkztj3rar6wym')).toBeNull()
    const [key, bytes] = [...tables.stored][0] as [string, Uint8Array]
    bytes[60] = (bytes[60] as number) ^ 1
    expect(await readMedia(tables, cid)).toBeNull()
    await tables.deleteBlock(fromHex(key) as Uint8Array)
    expect(await readMedia(tables, cid)).toBeNull()
  })
})
