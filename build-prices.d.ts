import type { Plugin } from 'esbuild'

export const onePriceList: Plugin
