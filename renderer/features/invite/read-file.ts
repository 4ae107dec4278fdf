import { MAX_INVITATION_FILE_BYTES } from '../../../core/record/invitation.ts'

/** The text of a file that may be an invitation; null for one that is longer than any. */
export async function readInvitationFile(file: File): Promise<string | null> {
  return file.size > MAX_INVITATION_FILE_BYTES ? null : await file.text()
}

/** Hands a text to the reader as a file of that name. */
export function saveAsFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
