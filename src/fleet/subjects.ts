/** Names on the broker: `signalbox.ORGANISATION.journal.MACHINE.SESSION`. */

/** A part of a subject: what NATS does not take in one is written as `=XX`, so that it can be read back. */
export const token = (name: string): string =>
  name === ''
    ? '='
    : name.replace(/[^A-Za-z0-9_-]/g, it =>
        [...Buffer.from(it)].map(byte => `=${byte.toString(16).padStart(2, '0')}`).join(''),
      )

export const streamOf = (organisation: string): string =>
  `SIGNALBOX_${token(organisation).replaceAll('=', '_')}`

export const journalSubjects = (organisation: string): string =>
  `signalbox.${token(organisation)}.journal.>`

/** Where a machine is asked to do something. */
export const controlSubject = (organisation: string, machine: string): string =>
  `signalbox.${token(organisation)}.control.${token(machine)}`

/** Where those who are at a screen give signs of life. */
export const presenceSubject = (organisation: string): string =>
  `signalbox.${token(organisation)}.presence`

/** Where a machine's relay gives signs of life, and where all of them are heard. */
export const relaySubject = (organisation: string, machine: string): string =>
  `signalbox.${token(organisation)}.relay.${token(machine)}`
export const relaySubjects = (organisation: string): string =>
  `signalbox.${token(organisation)}.relay.*`

export const journalSubject = (organisation: string, machine: string, session: string): string =>
  `signalbox.${token(organisation)}.journal.${token(machine)}.${token(session)}`
