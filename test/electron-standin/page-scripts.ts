/**
 * The two scripts that a stand-in window puts into its page before the page's own code: one in the page's world, which
 * receives what the preload exposes, one in a world of its own, which gives the built preload its `electron`. The two
 * worlds share only the document, as in Electron, and speak through events with text on it.
 */

/** Name of the preload's isolated world. */
export const PRELOAD_WORLD = 'palabre-preload'
/** Binding through which that world calls out. */
export const SEND_BINDING = '__standinSend'

export const PAGE_WORLD_SCRIPT = `(() => {
  addEventListener('standin:expose', (event) => {
    const { name, methods } = JSON.parse(event.detail)
    const api = {}
    for (const method of methods) {
      api[method] = (...args) => {
        dispatchEvent(new CustomEvent('standin:call', { detail: JSON.stringify({ name, method, args }) }))
      }
    }
    Object.defineProperty(globalThis, name, { value: Object.freeze(api) })
  })
})()`

/** @param preload - the built preload, one CommonJS file. */
export function preloadWorldScript(preload: string): string {
  return `(() => {
  const send = (message) => globalThis.${SEND_BINDING}(JSON.stringify(message))
  const listeners = new Map()
  const ports = new Map()
  const exposed = new Map()
  const toWire = (data) => data instanceof ArrayBuffer || ArrayBuffer.isView(data)
    ? { base64: btoa(Array.from(new Uint8Array(data.buffer ?? data), (byte) => String.fromCharCode(byte)).join('')) }
    : { value: data }
  const fromWire = (wire) => 'base64' in wire
    ? Uint8Array.from(atob(wire.base64), (char) => char.charCodeAt(0)).buffer
    : wire.value
  globalThis.__standinReceive = (text) => {
    const message = JSON.parse(text)
    if (message.type === 'ipc') {
      const handed = message.ports.map((id) => {
        const { port1, port2 } = new MessageChannel()
        ports.set(id, port1)
        port1.onmessage = (event) => send({ type: 'port-data', port: id, data: toWire(event.data) })
        return port2
      })
      for (const listener of listeners.get(message.channel) ?? []) listener({ ports: handed }, ...message.args)
    } else if (message.type === 'port-data') {
      ports.get(message.port)?.postMessage(fromWire(message.data))
    } else {
      ports.get(message.port)?.close()
      ports.delete(message.port)
    }
  }
  addEventListener('standin:call', (event) => {
    const { name, method, args } = JSON.parse(event.detail)
    exposed.get(name)?.[method]?.(...args)
  })
  const electron = {
    ipcRenderer: {
      on(channel, listener) { listeners.set(channel, [...(listeners.get(channel) ?? []), listener]) },
      send(channel, ...args) { send({ type: 'ipc', channel, args }) },
    },
    contextBridge: {
      exposeInMainWorld(name, api) {
        exposed.set(name, api)
        dispatchEvent(new CustomEvent('standin:expose', { detail: JSON.stringify({ name, methods: Object.keys(api) }) }))
      },
    },
  }
  const require = (name) => {
    if (name === 'electron') return electron
    throw new Error('a sandboxed preload may not require ' + name)
  }
  const module = { exports: {} }
  ;((require, module, exports) => {${preload}
  })(require, module, module.exports)
})()`
}
