import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { ProfileView } from '../../../core/contract/views.ts'
import { MAX_BIO_BYTES, MAX_NAME_BYTES } from '../../../core/record/limits.ts'
import { useRpc } from '../../rpc/provider.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextArea, TextField } from '../../ui/field.tsx'
import { useToast } from '../../ui/toast.tsx'
import { countBytes } from '../composer/text-budget.ts'
import { readyUrl } from '../media/media-url.ts'
import {
  PICTURE_TYPES,
  PictureError,
  type PictureProblem,
  type PreparedPicture,
  prepareAvatar,
} from '../media/prepare-picture.ts'
import { useCause } from '../people/use-cause.ts'
import styles from './profile.module.css'

type Picture = { kind: 'kept' } | { kind: 'none' } | { kind: 'new'; prepared: PreparedPicture; url: string }

export function EditProfileDialog({ view, onClose }: { view: ProfileView; onClose: () => void }) {
  const intl = useIntl()
  const toast = useToast()
  const cause = useCause()
  const { client, orpc } = useRpc()
  const queryClient = useQueryClient()
  const [name, setName] = useState(view.name)
  const [bio, setBio] = useState(view.bio)
  const [picture, setPicture] = useState<Picture>({ kind: 'kept' })
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string>()
  const nameOver = countBytes(name.trim()) - MAX_NAME_BYTES
  const bioOver = countBytes(bio) - MAX_BIO_BYTES
  const isValid = name.trim() !== '' && nameOver <= 0 && bioOver <= 0

  const url = picture.kind === 'new' ? picture.url : undefined
  useEffect(() => () => void (url && URL.revokeObjectURL(url)), [url])

  const save = async () => {
    if (!isValid) return
    setBusy(true)
    setFailure(undefined)
    try {
      const avatar =
        picture.kind === 'new'
          ? await client.media.upload({ bytes: picture.prepared.blob, thumbhash: picture.prepared.thumbhash })
          : null
      const saved = await client.profiles.update({
        name: name.trim(),
        bio: bio.trim(),
        ...(picture.kind === 'kept' ? {} : { avatar }),
      })
      for (const input of [{}, { profile: saved.profile }]) {
        queryClient.setQueryData(orpc.profiles.get.queryKey({ input }), saved)
      }
      void queryClient.invalidateQueries({ queryKey: orpc.account.key() })
      void queryClient.invalidateQueries({ queryKey: orpc.timeline.key() })
      toast({ text: intl.formatMessage({ id: 'profile.saved' }) })
      onClose()
    } catch (error) {
      setFailure(cause(error))
      setBusy(false)
    }
  }

  let nameError: string | undefined
  if (name.trim() === '' && name !== view.name) nameError = intl.formatMessage({ id: 'profile.nameEmpty' })
  else if (nameOver > 0) nameError = intl.formatMessage({ id: 'profile.nameLong' }, { over: nameOver })

  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: 'profile.editTitle' })}
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            <FormattedMessage id="ui.cancel" />
          </Button>
          <Button
            kind="primary"
            disabled={!isValid}
            busy={isBusy ? intl.formatMessage({ id: 'profile.saving' }) : undefined}
            onClick={() => void save()}
          >
            <FormattedMessage id="profile.save" />
          </Button>
        </>
      }
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <TextField
          label={intl.formatMessage({ id: 'profile.name' })}
          placeholder={intl.formatMessage({ id: 'profile.namePlaceholder' })}
          help={<FormattedMessage id="profile.nameHelp" />}
          error={nameError}
          value={name}
          dir="auto"
          autoComplete="off"
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextArea
          label={intl.formatMessage({ id: 'profile.bio' })}
          placeholder={intl.formatMessage({ id: 'profile.bioPlaceholder' })}
          error={bioOver > 0 ? intl.formatMessage({ id: 'profile.bioLong' }, { over: bioOver }) : undefined}
          value={bio}
          rows={4}
          dir="auto"
          onChange={(event) => setBio(event.currentTarget.value)}
        />
        <PictureField view={view} name={name} picture={picture} onChange={setPicture} />
        {failure !== undefined && (
          <p className={styles.failed} role="alert">
            <FormattedMessage id="profile.saveFailed" values={{ cause: failure }} />
          </p>
        )}
      </form>
    </Dialog>
  )
}

interface PictureFieldProps {
  view: ProfileView
  name: string
  picture: Picture
  onChange: (picture: Picture) => void
}

function PictureField({ view, name, picture, onChange }: PictureFieldProps) {
  const intl = useIntl()
  const input = useRef<HTMLInputElement>(null)
  const [isReading, setReading] = useState(false)
  const [problem, setProblem] = useState<PictureProblem>()
  const src = picture.kind === 'new' ? picture.url : picture.kind === 'kept' ? readyUrl(view.avatar) : undefined

  const choose = async (file: File) => {
    setReading(true)
    setProblem(undefined)
    try {
      const prepared = await prepareAvatar(file)
      onChange({ kind: 'new', prepared, url: URL.createObjectURL(prepared.blob) })
    } catch (error) {
      setProblem(error instanceof PictureError ? error.problem : 'not-decoded')
    } finally {
      setReading(false)
    }
  }

  return (
    <fieldset className={styles.pictureField}>
      <legend>
        <FormattedMessage id="profile.picture" />
      </legend>
      <Avatar profile={view.profile} name={name} size={64} src={src} />
      <div className={styles.pictureWords}>
        <div className={styles.pictureButtons}>
          <Button
            size="small"
            busy={isReading ? intl.formatMessage({ id: 'profile.pictureReading' }) : undefined}
            onClick={() => input.current?.click()}
          >
            <FormattedMessage id="profile.pictureChoose" />
          </Button>
          {src !== undefined && (
            <Button size="small" kind="quiet" onClick={() => onChange({ kind: 'none' })}>
              <FormattedMessage id="profile.pictureRemove" />
            </Button>
          )}
        </div>
        <p className={styles.help}>
          <FormattedMessage id="profile.pictureHelp" />
        </p>
        {problem && (
          <p className={styles.failed} role="alert">
            <FormattedMessage id={`profile.picture.${problem}`} />
          </p>
        )}
      </div>
      <input
        ref={input}
        type="file"
        accept={PICTURE_TYPES}
        hidden
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          event.currentTarget.value = ''
          if (file) void choose(file)
        }}
      />
    </fieldset>
  )
}
