/** What a script would leave behind if one of the texts ran. */
export const TRACE = 'hostileTextRan'

const RUN = `window.${TRACE}=1`

/** Ways to bring a script into a page, after the collections that testers of the web pass round. */
const CORES = [
  `<script>${RUN}</script>`,
  `<img src=x onerror="${RUN}">`,
  `<svg onload=${RUN}>`,
  `<svg><script>${RUN}</script></svg>`,
  `<iframe srcdoc="<script>parent.${TRACE}=1</script>">`,
  `<iframe src="javascript:parent.${TRACE}=1">`,
  `<a href="javascript:${RUN}">x</a>`,
  `<details open ontoggle=${RUN}>`,
  `<video><source onerror=${RUN}></video>`,
  `<input autofocus onfocus=${RUN}>`,
  `<body onload=${RUN}>`,
  `<form action="javascript:${RUN}"><button autofocus>x</form>`,
  `<math><mtext><img src=x onerror=${RUN}></mtext></math>`,
  `<object data="data:text/html,<script>${RUN}</script>">`,
  `<style>@import 'javascript:${RUN}'</style>`,
  `<link rel=stylesheet href="javascript:${RUN}">`,
  `<meta http-equiv=refresh content="0;url=javascript:${RUN}">`,
  `<base href="javascript:${RUN}//">`,
  `<template><img src=x onerror=${RUN}></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
  `javascript:${RUN}`,
  `data:text/html,<script>${RUN}</script>`,
  `{{constructor.constructor('${RUN}')()}}`,
  `\${${RUN}}`,
  `{"__html":"<img src=x onerror=${RUN}>"}`,
] as const

/** How a text gets out of where a careless page puts it, or past a careless filter. */
const WRAPS: readonly ((core: string) => string)[] = [
  (core) => core,
  (core) => `">${core}`,
  (core) => `'>${core}`,
  (core) => `</textarea>${core}`,
  (core) => `</title>${core}`,
  (core) => `--></style>${core}`,
  (core) => `</script>${core}`,
  (core) => core.toUpperCase().replaceAll(`WINDOW.${TRACE.toUpperCase()}`, `window.${TRACE}`),
  (core) => core.replaceAll('<', '&lt;'),
  (core) => core.replaceAll('<', '\\u003c'),
  (core) => core.replaceAll('<', '%3C'),
  (core) => `https://x.example/"onmouseover="${RUN}" ${core}`,
  (core) => `[x](javascript:${RUN}) ${core}`,
  (core) => `#tag${core}`,
  (core) => `@${core}`,
  (core) => `<<${core}`,
  (core) => core.replace('<', '<x '),
  (core) => `\u{ff1c}${core}`,
  (core) => `${core}\u00a0&#x3c;`,
  (core) => `{name, select, other {${core}}}`,
]

/** 500 texts, each another. */
export const HOSTILE_TEXTS: readonly string[] = WRAPS.flatMap((wrap) => CORES.map(wrap))
