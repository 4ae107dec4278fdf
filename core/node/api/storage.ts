import type { ApiImplementer } from './context.ts'
import type { ApiServices } from './services.ts'

export function storageApi(api: ApiImplementer, { storage }: Pick<ApiServices, 'storage'>) {
  return {
    get: api.storage.get.handler(() => storage.get()),
    setBudgets: api.storage.setBudgets.handler(({ input }) => storage.setBudgets(input)),
  }
}
