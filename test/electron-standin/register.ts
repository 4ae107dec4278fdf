import { registerHooks } from 'node:module'

/** Loaded before the built main: `electron` means the stand-in from here on. */
const standin = new URL('./electron-module.ts', import.meta.url).href

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: standin, shortCircuit: true } : next(specifier, context),
})
