/** An archive that is being taken in, on the Network page. */
export const messages = {
  en: {
    'import.title': 'Importing {file}',
    'import.figures': '{done} of {total}',
    'import.bar': 'Of the file, what has been taken in',
    'import.counts':
      '{added, plural, one {# new record} other {# new records}}, {known, number} here already, {refused, number} not kept.',
    'import.note': 'You can read and write meanwhile. If this is interrupted, the same file goes on from there.',
    'import.said': 'Importing {file}: {part} of the file has been taken in.',
  },
  fr: {
    'import.title': 'Importation de {file}',
    'import.figures': '{done} sur {total}',
    'import.bar': 'Part du fichier déjà reprise',
    'import.counts':
      '{added, plural, one {# nouvel enregistrement} other {# nouveaux enregistrements}}, déjà ici\u00a0: {known, number}, non gardés\u00a0: {refused, number}.',
    'import.note':
      'Vous pouvez lire et écrire en attendant. En cas d’interruption, le même fichier reprend là où il en était.',
    'import.said': 'Importation de {file}\u00a0: {part} du fichier est repris.',
  },
}
