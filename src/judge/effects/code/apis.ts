/** What the well-known calls of the languages do: names alone, sorted by effect. */
import type { CodeCall } from './calls.ts'
import type { Language } from './tokens.ts'

export type Deed =
  | 'delete'
  | 'run'
  | 'write'
  | 'copy'
  | 'move'
  | 'make'
  /** Brings files to where its last argument says. */
  | 'unpack'
  | 'mode'
  | 'read'
  | 'open'
  | 'net'
  | 'eval'
  | 'import'
  | 'reach'
  | 'query'
  | 'cloud'
  | 'lose'
  | 'exit-process'

const DELETES =
  /^(rmtree|rmSync|unlinkSync|rmdirSync|rm_rf|rm_r|rm_f|remove_dir|remove_entry\w*|remove_file|remove_tree|removedirs|rimraf|rimrafSync|unlink|rmdir|removeSync|emptyDirSync|emptyDir|send2trash|secure_delete|deleteTree|delete_dir)$/
/** These are names of lists and maps too: only on what holds files. */
const DELETES_ON =
  /^(os|fs|fse|fsp|promises|fs\.promises|fsPromises|File|Dir|FileUtils|shutil|pathlib|Deno|require\(\)|require\(\)\.promises|Bun\.file\(\)|Pathname\(\))$/
const WRITES =
  /^(write_text|write_bytes|writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|outputFile|outputFileSync|outputJson|outputJsonSync|writeJson|writeJsonSync|file_put_contents|binwrite|writeTextFile|writeTextFileSync|to_csv|to_json|to_excel|to_parquet|to_pickle|savefig|imwrite|imsave|touch|truncate|truncateSync|write_image|write_html|FileHandler|RotatingFileHandler)$/
const COPIES =
  /^(copy|copy2|copyfile|copytree|copyFile|copyFileSync|cpSync|copySync|cp|cp_r|symlink|symlinkSync|symlink_to|link|linkSync|hardlink_to|ln_s|ln_sf|install)$/
const MOVES = /^(move|moveSync|rename|renameSync|mv|renames|replace)$/
const FILES_ON =
  /^(os|fs|fse|fsp|shutil|File|FileUtils|promises|fs\.promises|fsPromises|Path\(\)|Deno|require\(\)|)$/
const MAKES = /^(mkdir|mkdirSync|makedirs|mkdir_p|mkdirs|ensureDir|ensureDirSync|mkpath|make_path)$/
const MODES = /^(chmod|chmodSync|lchmod|chmod_R|chown|chownSync|lchown|chown_R|fchmod)$/
const READS =
  /^(read_text|read_bytes|readFile|readFileSync|createReadStream|file_get_contents|file|readfile|read_csv|read_json|read_excel|read_parquet|readlines|foreach|readTextFile|readTextFileSync|parse_file|load_file|dotenv_values|load_dotenv|parse_ini_file|simplexml_load_file|YAML\.load_file)$/
const RUNS_ANYWHERE =
  /^(system|readpipe|popen|popen2|popen2e|popen3|Popen|execSync|execFile|execFileSync|spawnSync|check_output|check_call|getoutput|getstatusoutput|shell_exec|passthru|proc_open|pcntl_exec|capture2|capture2e|capture3|posix_spawn|create_subprocess_shell|create_subprocess_exec|execa|execaSync|execaCommand|exec[lv]p?e|exec[lv]p?|spawn[lv]p?e?|startfile|winexec)$/
const RUNS_ON =
  /^(os|subprocess|sp|commands|child_process|childProcess|cp|proc|pty|Kernel|Process|IO|Open3|Deno|Bun|require\(\)|import\(\)|sh|shell|shelljs|invoke|__import__\(\)|importlib\.import_module\(\))$/
const EVALS =
  /^(eval|execScript|Function|GeneratorFunction|AsyncFunction|runInThisContext|runInNewContext|runInContext|compileFunction|instance_eval|class_eval|module_eval|instance_exec|create_function|evalString|runpy|run_path|run_module|constructor|setInterval_code|assert_options)$|^(timeit|repeat|runctx|runsource)$/
const REACHES =
  /^(getattr|__getattribute__|attrgetter|methodcaller|globals|locals|vars|__subclasses__|binding|dlopen|CDLL|cdll|LoadLibrary|ffi|public_send|__send__|const_get|instance_variable_get|syscall|call_user_func|call_user_func_array|unserialize|marshal_load|interact)$/
const NETS =
  /^(urlopen|urlretrieve|create_connection|connect_ex|fetch|got|axios|WebSocket|XMLHttpRequest|createConnection|fsockopen|stream_socket_client|pfsockopen|socket_connect|curl_init|curl_exec|getstore|getprint|head_request|createSocket|sendto|EventSource|download_file|wget|sendmail|send_message|SMTP|SMTP_SSL|FTP|FTP_TLS|SSHClient|TCPSocket|UDPSocket|mail|Request|dns_get_record|gethostbyname|getaddrinfo|resolve4|resolveTxt|dns_check_record|checkdnsrr|HTTPSConnection|HTTPConnection)$/
const NETS_ON =
  /^(requests|httpx|session|urllib\.request|urllib3|http|https|axios|got|ky|superagent|request|needle|undici|net|tls|dgram|dns|aiohttp|socket|sock|s|client|Net::HTTP|Net\.HTTP|HTTParty|RestClient|Faraday|Excon|URI|LWP::Simple|TCPSocket|UDPSocket|OpenSSL|IO::Socket::INET|requests\.Session\(\)|socket\.socket\(\)|httpx\.Client\(\)|require\(\))$/
const PERL_NETS =
  /^(HTTP\.Tiny|LWP\.UserAgent|WWW\.Mechanize|IO\.Socket(\.\w+)?|Net\.(HTTP|SMTP|FTP|Telnet|SSH2?|SFTP))$/
const NET_METHODS =
  /^(get|post|put|patch|delete|head|options|request|urlopen|connect|send|sendall|sendto|stream|createConnection|open|start|new|get_response|post_form|upload|download|lookup|resolve\w*)$/
const QUERIES =
  /^(execute|executemany|executescript|query|raw|exec_query|unsafe|do|\$executeRawUnsafe|\$queryRawUnsafe|execSql)$/
const CLOUDS =
  /^(delete|terminate|destroy|purge|put|create|update|attach|detach|grant|revoke|stop|disable)_[a-z_]+$|^(Delete|Terminate|Put|Create|Attach|Update|Disable|Stop)[A-Z]\w*Command$/

/** Of a service's client or of a database's models. */
const LOSES =
  /^(delete|drop|destroy|purge|truncate|wipe|flush|clear)(_all|_index|_many|_database|_table|_collection|_bucket|_by_query|all|db)$|^(delete|drop|destroy|purge|truncate|wipe|flush|clear)(Index|Objects|Many|All|Database|Table|Collection|Bucket|Topic|Queue)s?\w*$/

function isImport(name: string, on: string, language: Language): boolean {
  switch (language) {
    case 'python':
      return /^(__import__|import_module)$/.test(name)
    case 'javascript':
      return /^(require|import)$/.test(name) && on === ''
    case 'ruby':
      return /^(require|require_relative|load)$/.test(name) && /^(Kernel)?$/.test(on)
    case 'php':
      return /^(include|require)(_once)?$/.test(name) && on === ''
    case 'perl':
      return /^(require|do)$/.test(name) && on === ''
    case 'shell':
      return false
  }
}

/** @returns what a call does, or null when it is not known to touch anything */
export function deedOf(call: CodeCall, language: Language, sdk: boolean): Deed | null {
  const { name, on, args } = call
  const last = on.split('.').at(-1) ?? ''
  if (name === 'assert' && language === 'php') return 'eval'
  if (name === 'new' && /^IO\.File$/.test(on)) return 'open'
  if (/^(openSync|fopen)$/.test(name)) return 'open'
  if (name === 'new' && PERL_NETS.test(on)) return 'net'
  if (name === 'FileIO' || (name === 'open' && on === 'codecs')) return 'open'
  if (language === 'python' && name === 'run' && /^(cProfile|profile|pdb|trace)$/.test(last))
    return 'eval'
  if (name === 'open')
    return on === 'webbrowser' ? 'net' : /^(os|URI)$/.test(last) && last === 'URI' ? 'net' : 'open'
  if (DELETES.test(name)) return args.length > 0 || on !== '' ? 'delete' : null
  if (/^(remove|delete|rm)$/.test(name) && (DELETES_ON.test(on) || /^(Path|Pathname)\(\)/.test(on)))
    return 'delete'
  if (RUNS_ANYWHERE.test(name)) return 'run'
  if (/^(run|call|exec|spawn|fork|sh|cmd|Command|\$)$/.test(name) && RUNS_ON.test(last))
    return 'run'
  if (language !== 'python' && /^(exec|spawn)$/.test(name) && on === '') return 'run'
  if (/^(run|call)$/.test(name) && on === '' && language === 'python') return 'run'
  if (
    EVALS.test(name) ||
    (language === 'python' && name === 'exec') ||
    (name === 'compile' && on === '')
  )
    return 'eval'
  if (/^(loads?|Unpickler)$/.test(name) && /^(pickle|[mM]arshal|dill|cPickle|jsonpickle)$/.test(on))
    return 'eval'
  if (isImport(name, on, language)) return 'import'
  if (
    REACHES.test(name) ||
    (name === 'send' && language === 'ruby' && on !== '' && !NETS_ON.test(on))
  )
    return 'reach'
  if (WRITES.test(name) || (name === 'write' && /^(File|IO|Deno|Bun)$/.test(on))) return 'write'
  if (
    MOVES.test(name) &&
    FILES_ON.test(on) &&
    (on !== '' || args.length === 2) &&
    name !== 'replace'
  )
    return 'move'
  if (name === 'replace' && /^(os|Path\(\))$/.test(on)) return 'move'
  if (COPIES.test(name) && FILES_ON.test(on) && (on !== '' || args.length > 1)) return 'copy'
  if (/^(extractall|unpack_archive|urlretrieve|basicConfig)$/.test(name)) return 'unpack'
  if (name === 'input' && /^(fileinput)$/.test(last)) return 'write'
  if (MAKES.test(name)) return 'make'
  if (MODES.test(name)) return 'mode'
  if (READS.test(name) || (name === 'read' && /^(File|IO)$/.test(on))) return 'read'
  if (NETS.test(name) || (NETS_ON.test(on) && NET_METHODS.test(name))) return 'net'
  if (
    /(^|\.)(HTTP\.Tiny|LWP\.UserAgent|WWW\.Mechanize|REST\.Client)\b/.test(on) &&
    NET_METHODS.test(name)
  )
    return 'net'
  if (sdk && (/^upload_\w+$|^uploadFile$/.test(name) || (name === 'delete' && on !== '')))
    return 'cloud'
  if (QUERIES.test(name)) return 'query'
  if (sdk && CLOUDS.test(name)) return 'cloud'
  if (LOSES.test(name) || (/^(delete|delete_all)$/.test(name) && /\bobjects\b/.test(on)))
    return 'lose'
  return /^(kill|killpg|abort)$/.test(name) && /^(os|process|Process|)$/.test(on)
    ? 'exit-process'
    : null
}
