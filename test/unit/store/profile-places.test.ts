import { expect, it } from 'vitest'
import { TestAuthor } from '../../harness/authors.ts'
import { TestSquare } from '../../harness/test-square.ts'

it('tells where the profile stands that counts, of those who have one here', () => {
  const [ada, ben, cem] = [new TestAuthor('Ada'), new TestAuthor('Ben'), new TestAuthor('Cem')]
  ada.describe({ name: 'Ada' })
  for (let i = 0; i < 5; i++) ada.post(`post ${i}`)
  ben.post('no name yet')
  const test = new TestSquare({ role: 'seed' })
  test.ingestAll(ada, ben)
  const placesOf = (...authors: TestAuthor[]) => test.square.listProfilePlaces(authors.map(({ address }) => address))
  const place = { author: ada.address, device: ada.device.publicKey }
  expect(placesOf(ben, cem, ada)).toEqual([{ ...place, seq: 1 }])
  test.ingest({ records: [ada.describe({ name: 'Ada L.' })] })
  expect(placesOf(ada)).toEqual([{ ...place, seq: 7 }])
  expect(placesOf(...Array.from({ length: 513 }, () => ada))).toHaveLength(512)
})
