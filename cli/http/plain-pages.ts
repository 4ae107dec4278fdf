/** Pages that stand in for the window: without script, without style, in both languages. */

/** Shown without a session. */
export const noSessionPage = page(
  'Palabre',
  `<h1>Palabre</h1>
<p>This window needs a new link. Run <code>palabre open</code> (or <code>npm run -s palabre -- open</code>) and follow it.</p>
<p lang="fr">Cette fenêtre a besoin d’un nouveau lien. Lancez <code>palabre open</code> (ou <code>npm run -s palabre -- open</code>) et suivez-le.</p>`,
)

/** Shown when a one-time link has been used, is too old, or never was one. */
export const badLinkPage = page(
  'Palabre',
  `<h1>Palabre</h1>
<p>This link works once and for half an hour, and it has been used or is too old. <code>palabre open</code> makes a new one.</p>
<p lang="fr">Ce lien sert une fois, pendant une demi-heure ; il a déjà servi ou il est trop ancien. <code>palabre open</code> en donne un nouveau.</p>`,
)

/** Shown where the window has not been built. */
export const notBuiltPage = page(
  'Palabre',
  `<h1>Palabre</h1>
<p>The node is running. The window has not been built yet: run <code>npm run build</code>, then load this page again.</p>
<p lang="fr">Le nœud tourne. La fenêtre n’est pas encore construite : lancez <code>npm run build</code>, puis rechargez cette page.</p>`,
)

/** Leads on to the window when the link was followed from another site, so that the strict cookie goes along. */
export const continuePage = page(
  'Palabre',
  `<p><a href="/">Palabre</a></p>`,
  '<meta http-equiv="refresh" content="0; url=/">',
)

function page(title: string, body: string, head = ''): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>${head}</head>
<body>
${body}
</body>
</html>
`
}
