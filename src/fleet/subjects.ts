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

export const journalSubject = (organisation: string, machine: string, session: string): string =>
  `signalbox.${token(organisation)}.journal.${token(machine)}.${token(session)}`

/** Whether a message came on its machine's own subject: a broker can bind a user to that one. */
export const isFrom = (subject: string, machine: string): boolean =>
  subject.split('.')[3] === token(machine)
