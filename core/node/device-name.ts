const DEVICE_NAMES: Readonly<Record<string, string>> = { linux: 'Linux', darwin: 'Mac', win32: 'Windows' }

/** What a device is called whose owner gave it no name. */
export function deviceName(): string {
  return DEVICE_NAMES[process.platform] ?? 'Computer'
}
