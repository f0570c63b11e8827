/**
 * Where everything lives on this machine, fixed once by `signalbox init` and written absolute into
 * the hook: nothing here is ever taken from a hook's environment, which a repository can set.
 */
import * as v from 'valibot'

export const INSTALL = v.object({
  /** Node that runs the gate, absolute. */
  node: v.string(),
  /** `bin/signalbox.js`, absolute. */
  program: v.string(),
  /** Folder of config.yaml. */
  config: v.string(),
  /** Folder of the journal, grants and this file (0700). */
  state: v.string(),
  /** Short folder of the sockets (0700). */
  sockets: v.string(),
  /** The managed policy's file, whether or not there is one. */
  managed: v.string(),
  /** The client's config folder (its settings.json and transcripts). */
  client: v.string(),
  /** The checkpoint that clients are set up to go through; null: none. */
  checkpoint: v.optional(
    v.nullable(
      v.object({
        /** `HOST:PORT` on this machine. */
        listen: v.string(),
        /** Base URL of the API behind it. */
        upstream: v.string(),
        /** How the network is reached: proxies, more certificates. The hook's environment is no source. */
        env: v.record(v.string(), v.string()),
      }),
    ),
    null,
  ),
  /** The owner's home, for a gate that the hook starts. */
  home: v.string(),
})
export type Install = v.InferOutput<typeof INSTALL>
