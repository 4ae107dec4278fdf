import { formatRecordId, parseRecordId } from '../../codec/cid.ts'
import type { Media } from '../../contract/media.ts'
import type { PostView, RecordRef } from '../../contract/views.ts'
import { parsePeerId } from '../../identity/peer-id.ts'
import { MAX_AVATAR_BYTES } from '../../media/limits.ts'
import type { RecordRef as RawRef } from '../../record/kinds/body-reader.ts'
import { decodeBody, KIND } from '../../record/kinds/kind-table.ts'
import type { Mention as RawMention } from '../../record/kinds/post-content.ts'
import type { ProfileBody } from '../../record/kinds/profile.ts'
import {
  GENESIS_PREFIX_BYTES,
  MAX_ALT_BYTES,
  MAX_BIO_BYTES,
  MAX_EMOJI_BYTES,
  MAX_IMAGES,
  MAX_LANG_BYTES,
  MAX_NAME_BYTES,
  MAX_POST_TEXT_BYTES,
  MAX_WARNING_BYTES,
} from '../../record/limits.ts'
import type { TimelineReader } from '../../timeline/reader.ts'
import { utf8 } from '../../util/bytes.ts'
import { BadRequestError, NoAccountError, NotFoundError, PalabreError } from '../../util/errors.ts'
import type { EditedPost, NewPost, ProfileChange, Publishing } from '../api/services.ts'
import { checkText, TooLongError } from '../limits.ts'
import type { OwnIdentity, RecordPublisher } from '../ports.ts'
import type { Drafts, ProfileDraft } from './drafts.ts'
import { ListWriting } from './list-writing.ts'

/** The bytes of pictures, as far as writing needs them. */
export interface MediaKeeper {
  /**
   * Keeps a complete picture for the record that is about to name it: pin first, then record.
   *
   * @returns what its bytes are, null when not all of them are here
   */
  keepForRecord(cid: string): Promise<{ readonly type: string; readonly size: number } | null>
}

export interface WritingComponents {
  readonly identity: OwnIdentity
  readonly publisher: RecordPublisher
  readonly reader: Pick<TimelineReader, 'history' | 'post' | 'profile' | 'lists' | 'listPeople'>
  readonly bodies: {
    /** Body of the profile record that counts, null while there is none. */
    readProfileBody(author: Uint8Array): Promise<Uint8Array | null>
    findGenesis(author: Uint8Array): Promise<Uint8Array | null>
    /** 32 bytes; null for somebody whose chain isn't held. */
    findGenesis(author: Uint8Array): Promise<Uint8Array | null>
  }
  readonly drafts: Drafts
  readonly media: MediaKeeper
}

/** From what a person asks to say to the records that say it. Checks limits first, so that refusals are sentences. */
export class Writing implements Publishing {
  readonly lists: ListWriting
  readonly #components: WritingComponents
  #turn: Promise<unknown> = Promise.resolve()

  constructor(components: WritingComponents) {
    this.#components = components
    this.lists = new ListWriting(components, components.drafts)
  }

  async createPost(post: NewPost): Promise<{ id: string }> {
    this.#requireAccount()
    checkContent(post, post.quote !== undefined)
    const reply = post.reply === undefined ? undefined : await this.#replyTo(post.reply)
    const quote = post.quote === undefined ? undefined : await this.#quoted(post.quote)
    const media = await this.#keepAll(post.media)
    const mentions = await this.#mentioned(post)
    const { text, lang, warning } = post
    const draft = this.#components.drafts.post({ text, lang, warning, media, mentions, reply, quote })
    const [published] = await this.#components.publisher.publish([draft])
    if (published === undefined) throw new Error('publishing one draft gave no record')
    return { id: formatRecordId(published.id) }
  }

  async editPost(id: string, content: EditedPost): Promise<void> {
    const profile = this.#requireAccount()
    checkContent(content, false)
    const media = await this.#keepAll(content.media)
    const mentions = await this.#mentioned(content)
    await this.#inTurn(async () => {
      const post = await this.#find(id)
      if (post.author !== profile) {
        throw new PalabreError('not-owner', 'this post is somebody else’s: only its author can edit it')
      }
      if (post.state !== 'shown') throw new BadRequestError(`this post is ${post.state}: there is nothing to edit`)
      const { text, lang, warning } = content
      const said = { text, lang, warning, media, mentions }
      await this.#components.publisher.publish([this.#components.drafts.edit(refOf(post), said)])
    })
  }

  async deletePost(id: string): Promise<void> {
    const profile = this.#requireAccount()
    await this.#inTurn(async () => {
      const post = await this.#find(id)
      if (post.author !== profile) {
        throw new PalabreError('not-owner', 'this post is somebody else’s: only its author can delete it')
      }
      if (post.state === 'deleted') return
      const { drafts, publisher, reader } = this.#components
      // The post first, then its edits, each by its name: who holds one without the other can tell what is gone.
      const versions = (await reader.history(id)) ?? []
      const edits = versions.filter((version) => version.id !== id).map((version) => ({ ...post, id: version.id }))
      await publisher.publish([post, ...edits].map((gone) => drafts.delete(refOf(gone))))
    })
  }

  async react(id: string, emoji: string | null): Promise<void> {
    this.#requireAccount()
    if (emoji !== null) checkText('emoji', emoji, MAX_EMOJI_BYTES)
    await this.#inTurn(async () => {
      const post = await this.#find(id)
      if (post.mine.reaction === emoji) return
      await this.#components.publisher.publish([this.#components.drafts.reaction(refOf(post), emoji)])
    })
  }

  async repost(id: string, isOn: boolean): Promise<void> {
    this.#requireAccount()
    await this.#inTurn(async () => {
      const post = await this.#find(id)
      if (post.mine.reposted === isOn) return
      if (isOn && post.state === 'deleted') throw new BadRequestError('its author has deleted this post')
      await this.#components.publisher.publish([this.#components.drafts.repost(refOf(post), isOn)])
    })
  }

  async updateProfile(change: ProfileChange): Promise<void> {
    const profile = this.#requireAccount()
    if (change.name !== undefined) checkText('name', change.name, MAX_NAME_BYTES)
    if (change.bio !== undefined) checkText('bio', change.bio, MAX_BIO_BYTES)
    if (change.avatar != null && change.avatar.size > MAX_AVATAR_BYTES) {
      throw new TooLongError('avatar', change.avatar.size, MAX_AVATAR_BYTES)
    }
    const avatar = change.avatar == null ? change.avatar : await this.#keep(change.avatar)
    await this.rewriteProfile(profile, (current) => ({
      ...current,
      name: change.name ?? current.name,
      bio: change.bio ?? current.bio,
      avatar: avatar === undefined ? current.avatar : avatar,
    }))
  }

  /** Publishes the profile as `change` makes it of the current one; null leaves it as it is. */
  async rewriteProfile(profile: string, change: (current: ProfileDraft) => ProfileDraft | null): Promise<void> {
    await this.#inTurn(async () => {
      const { reader, bodies, identity, publisher, drafts } = this.#components
      const { name, bio, avatar, seeds } = await reader.profile(profile)
      const next = change({ name, bio, avatar, seeds })
      if (next === null || identity.address === null) return
      const held = readProfileBody(await bodies.readProfileBody(identity.address))
      await publisher.publish([drafts.profile(next, held)])
    })
  }

  async #replyTo(reply: string | RecordRef): Promise<{ root: RawRef; parent: RawRef }> {
    const id = typeof reply === 'string' ? reply : reply.id
    const known = await this.#components.reader.post(checkId(id))
    if (known !== null) {
      const parent = refOf(known)
      return { parent, root: known.reply === undefined ? parent : toRawRef(known.reply.root) }
    }
    if (typeof reply === 'string') {
      throw unknownPost(id)
    }
    const parent = toRawRef(reply)
    return { parent, root: parent }
  }

  async #quoted(quote: string | RecordRef): Promise<RawRef> {
    const id = typeof quote === 'string' ? quote : quote.id
    const known = await this.#components.reader.post(checkId(id))
    if (known?.state === 'deleted') throw new BadRequestError('its author has deleted the post that is quoted')
    if (known !== null) return refOf(known)
    if (typeof quote !== 'string') return toRawRef(quote)
    throw unknownPost(id)
  }

  /** With the genesis that stands beside an address in a record. */
  async #mentioned({ text, mentions = [] }: EditedPost): Promise<RawMention[]> {
    checkRanges(text, mentions)
    const found: RawMention[] = []
    for (const { start, end, profile } of mentions) {
      const address = parsePeerId(profile)
      const genesis = address === undefined ? null : await this.#components.bodies.findGenesis(address)
      if (address === undefined || genesis === null) {
        throw new NotFoundError(`nothing of ${profile.slice(0, 80)} is here yet: a post cannot mention them`)
      }
      found.push({ start, end, address, genesis: genesis.slice(0, GENESIS_PREFIX_BYTES) })
    }
    return found
  }

  /** The bytes decide what it is; what the caller says must agree. */
  async #keep(item: Media): Promise<Media> {
    checkText('alt text', item.alt, MAX_ALT_BYTES)
    const held = await this.#components.media.keepForRecord(item.cid)
    if (held === null) {
      throw new BadRequestError(`the picture ${item.cid} is not here: add it with media.add or media.upload first`)
    }
    if (held.type !== item.type || held.size !== item.size) {
      throw new BadRequestError(
        `the picture ${item.cid} is ${held.type} of ${held.size} bytes, got ${item.type} of ${item.size}`,
      )
    }
    return item
  }

  async #keepAll(items: readonly Media[]): Promise<Media[]> {
    const media: Media[] = []
    for (const item of items) media.push(await this.#keep(item))
    return media
  }

  async #find(id: string): Promise<PostView> {
    const post = await this.#components.reader.post(checkId(id))
    if (post === null) throw new NotFoundError(`no post ${id} is known here`)
    return post
  }

  #requireAccount(): string {
    const { profile } = this.#components.identity
    if (profile === null) throw new NoAccountError()
    return profile
  }

  /** Looks and writes without another change in between, so that doing it twice is doing it once. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }
}

/** What a post may say, as sentences. @throws BadRequestError, TooLongError */
function checkContent({ text, lang, media, warning }: EditedPost, hasQuote: boolean): void {
  checkText('post text', text, MAX_POST_TEXT_BYTES)
  if (warning !== undefined) checkText('content warning', warning, MAX_WARNING_BYTES)
  if (lang !== undefined) checkText('language tag', lang, MAX_LANG_BYTES)
  if (text.trim() === '' && media.length === 0 && !hasQuote) throw new BadRequestError('a post needs text or a picture')
  if (media.length > MAX_IMAGES) {
    throw new BadRequestError(`a post has at most ${MAX_IMAGES} pictures, got ${media.length}`)
  }
}

/** Ranges lie in the text, on borders of characters, ascending and apart. @throws BadRequestError */
function checkRanges(text: string, ranges: readonly { start: number; end: number }[]): void {
  if (ranges.length === 0) return
  const bytes = utf8(text)
  const isInside = (at: number) => ((bytes[at] ?? 0) & 0xc0) === 0x80
  let from = 0
  for (const { start, end } of ranges) {
    if (start < from || start >= end || end > bytes.length || isInside(start) || isInside(end)) {
      throw new BadRequestError(`a mention of bytes ${start} to ${end} doesn't fit the text or the mention before it`)
    }
    from = end
  }
}

/** For a post that is named without its author. */
function unknownPost(id: string): NotFoundError {
  return new NotFoundError(`no post ${id} is known here; give its author too: {"author", "id"}`)
}

function checkId(id: string): string {
  if (parseRecordId(id) === undefined)
    throw new BadRequestError(`expected a record id (bafyrei…), got ${id.slice(0, 80)}`)
  return id
}

function refOf(post: { readonly author: string; readonly id: string }): RawRef {
  return toRawRef(post)
}

function toRawRef(ref: RecordRef): RawRef {
  const author = parsePeerId(ref.author)
  const id = parseRecordId(ref.id)
  if (author === undefined)
    throw new BadRequestError(`expected a profile address (12D3Koo…), got ${ref.author.slice(0, 80)}`)
  if (id === undefined) throw new BadRequestError(`expected a record id (bafyrei…), got ${ref.id.slice(0, 80)}`)
  return { author, id }
}

function readProfileBody(bytes: Uint8Array | null): ProfileBody | null {
  if (bytes === null) return null
  const decoded = decodeBody(KIND.profile, bytes)
  return decoded.ok && decoded.kind === 'profile' ? decoded.body : null
}
