import { CELLVISOR, JAILHOUSE, list, XL } from './words';

/** For /usr/share/bash-completion/completions/jailhouse, or `source <(cellvisor completion bash)`. */
export const BASH = `# bash completion for jailhouse, xl, uio_send, uio_read and cellvisor

_cellvisor_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

# Files with a name such as *.cell, and folders; without a pattern, all files.
_cellvisor_files() {
  compopt -o filenames 2>/dev/null
  if [[ $# -eq 0 ]]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$cur")
  else
    mapfile -t COMPREPLY < <(compgen -f -X "!$1" -- "$cur"; compgen -d -- "$cur")
  fi
}

_cellvisor_offer() {
  if [[ $1 == "$cur"* ]]; then
    COMPREPLY+=("$(printf %q "$1")")
  fi
}

# Cells that exist. "$1" names: no ids. "$2" root: the root cell too.
_cellvisor_cells() {
  local folder id name
  for folder in /sys/devices/jailhouse/cells/*; do
    id=\${folder##*/}
    if [[ ! -r $folder/name || ( $id == 0 && $2 != root ) ]]; then
      continue
    fi
    IFS= read -r name <"$folder/name"
    if [[ $1 != names ]]; then
      _cellvisor_offer "$id"
    fi
    _cellvisor_offer "$name"
  done
}

_jailhouse_selector() {
  if [[ $at -eq 3 ]]; then
    _cellvisor_words "--name"
    _cellvisor_cells all "$1"
  elif [[ $at -eq 4 && $previous == --name ]]; then
    _cellvisor_cells names "$1"
  else
    return 1
  fi
}

_jailhouse_cell_load() {
  _jailhouse_selector && return
  local first=4
  if [[ \${words[3]} == --name ]]; then
    first=5
  fi
  case $previous in
    -a | --address | -s | --string) return ;;
  esac
  if [[ $cur != -* ]]; then
    _cellvisor_files
  elif [[ $at -eq $first ]]; then
    _cellvisor_words "-s --string"
  else
    _cellvisor_words "-a --address -s --string"
  fi
}

_jailhouse_cell_linux() {
  case $previous in
    -c | --cmdline | -a | --arch | -k | --kernel-decomp-factor) return ;;
    -d | --dtb | -i | --initrd | -w | --write-params) _cellvisor_files; return ;;
  esac
  if [[ $cur == -* ]]; then
    _cellvisor_words "${list(JAILHOUSE.linuxOptions)}"
  elif [[ $at -eq 3 ]]; then
    _cellvisor_files '*.cell'
  else
    _cellvisor_files
  fi
}

_jailhouse_cell() {
  if [[ $at -eq 2 ]]; then
    _cellvisor_words "${list(JAILHOUSE.cell)}"
    return
  fi
  case \${words[2]} in
    create) if [[ $at -eq 3 ]]; then _cellvisor_files '*.cell'; fi ;;
    load) _jailhouse_cell_load ;;
    start | shutdown | destroy) _jailhouse_selector ;;
    stats)
      _jailhouse_selector root
      if [[ $cur == -* ]]; then
        COMPREPLY+=($(compgen -W "-h --help --json" -- "$cur"))
      fi
      ;;
    linux) _jailhouse_cell_linux ;;
    list) if [[ $at -eq 3 ]]; then _cellvisor_words "${list(JAILHOUSE.listOptions)}"; fi ;;
  esac
}

_jailhouse_config() {
  if [[ $at -eq 2 ]]; then
    _cellvisor_words "${list(JAILHOUSE.config)}"
    return
  fi
  case \${words[2]} in
    create)
      case $previous in
        -r | --root | -o | --output) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
        --dtb) _cellvisor_files '*.dtb'; return ;;
        --dialect) _cellvisor_words "${list(CELLVISOR.dialects)}"; return ;;
        --device-regions) _cellvisor_words "${list(JAILHOUSE.deviceRegions)}"; return ;;
        -g | --generate-collector) _cellvisor_files; return ;;
        --cell | -c | --console | --mem-hv | --mem-inmates | --ram) return ;;
      esac
      _cellvisor_words "${list(JAILHOUSE.createOptions)}"
      ;;
    collect) if [[ $at -eq 3 ]]; then _cellvisor_files; fi ;;
    check)
      case $previous in
        --against) _cellvisor_files '*.dtb'; COMPREPLY+=($(compgen -W "${list(JAILHOUSE.against)}" -- "$cur")) ;;
        --image) return ;;
        *) if [[ $cur == -* ]]; then _cellvisor_words "${list(JAILHOUSE.checkOptions)}"; else _cellvisor_files '*.cell'; fi ;;
      esac
      ;;
  esac
}

# --backend NAME and --host HOST shift everything behind them.
_cellvisor_shift() {
  while [[ \${words[1]} == --@(backend|host) && $at -gt 2 ]]; do
    words=("\${words[0]}" "\${words[@]:3}")
    ((at -= 2))
  done
}

_cellvisor_config() {
  if [[ $at -eq 2 ]]; then
    _cellvisor_words "${list(CELLVISOR.config)}"
  elif [[ $previous == --running ]]; then
    _cellvisor_cells all root
  elif [[ $cur != -* ]]; then
    _cellvisor_files '*.cell'
  else
    case \${words[2]} in
${Object.entries(CELLVISOR.configOptions)
  .map(([command, options]) => `      ${command}) _cellvisor_words "${list(options)}" ;;`)
  .join('\n')}
    esac
  fi
}

_jailhouse() {
  local cur=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} at=$COMP_CWORD words=("\${COMP_WORDS[@]}")
  COMPREPLY=()
  if [[ $previous == --backend ]]; then
    _cellvisor_words "${list(JAILHOUSE.backends)}"
    return
  fi
  _cellvisor_shift
  if [[ $previous == --host ]]; then
    return
  fi
  if [[ $at -eq 1 ]]; then
    _cellvisor_words "${list(JAILHOUSE.commands)}"
    return
  fi
  case \${words[1]} in
    enable) if [[ $at -eq 2 ]]; then _cellvisor_files '*.cell'; fi ;;
    console) if [[ $at -eq 2 && $cur == -* ]]; then _cellvisor_words "-f --follow"; fi ;;
    cell) _jailhouse_cell ;;
    config) _jailhouse_config ;;
    hardware) if [[ $at -eq 2 ]]; then _cellvisor_words "${list(JAILHOUSE.hardware)}"; fi ;;
  esac
}

_uio() {
  local cur=\${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    mapfile -t COMPREPLY < <(compgen -f -X '!/dev/uio*' -- "\${cur:-/dev/uio}")
  fi
}

_cellvisor() {
  local cur=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} at=$COMP_CWORD words=("\${COMP_WORDS[@]}")
  COMPREPLY=()
  _cellvisor_shift
  if [[ $at -eq 1 ]]; then
    _cellvisor_words "${list(CELLVISOR.commands)}"
    return
  fi
  case $previous in
    --root | --cell) _cellvisor_files '*.cell'; return ;;
    --junit | --trace | --initrd | --dtb | -o | --dtbo | --elf | --image) _cellvisor_files; return ;;
    --dialect | --from) _cellvisor_words "${list(CELLVISOR.dialects)}"; return ;;
    --backend) _cellvisor_words "${list(JAILHOUSE.backends)}"; return ;;
    --clock) _cellvisor_words "${list(CELLVISOR.clocks)}"; return ;;
    --type | --board) _cellvisor_words "${list(CELLVISOR.boardTypes)}"; return ;;
    --host | --gdb | --listen | --expect | --timeout | --cmdline | --uart | --release | --since | --fault) return ;;
  esac
  case \${words[1]} in
    board)
      if [[ $at -eq 2 ]]; then
        _cellvisor_words "${list(CELLVISOR.board)}"
      elif [[ $cur == -* ]]; then
        _cellvisor_words "${list(CELLVISOR.boardOptions)}"
      elif [[ \${words[2]} == @(start|stop|status|reset) ]]; then
        _cellvisor_words "${list(CELLVISOR.boardTypes)}"
      fi
      ;;
    try) if [[ $cur == -* ]]; then _cellvisor_words "${list(CELLVISOR.tryOptions)}"; else _cellvisor_files '*.@(cell|bin)'; fi ;;
    gdb) _cellvisor_words "${list(CELLVISOR.gdbOptions)}" ;;
    stats) _cellvisor_words "${list(CELLVISOR.statsOptions)}" ;;
    events) _cellvisor_words "${list(CELLVISOR.eventsOptions)}" ;;
    exporter)
      if [[ \${words[at-1]} == --textfile ]]; then _cellvisor_files '*.prom'; else _cellvisor_words "${list(CELLVISOR.exporterOptions)}"; fi
      ;;
    top) _cellvisor_words "${list(CELLVISOR.topOptions)}" ;;
    doctor) if [[ $cur == -* ]]; then _cellvisor_words "${list(CELLVISOR.doctorOptions)}"; else _cellvisor_files '*.cell'; fi ;;
    run)
      if [[ $cur == -* && ( $at -eq 2 || $previous != [a-z]* ) ]]; then
        _cellvisor_words "${list(CELLVISOR.runOptions)}"
      else
        mapfile -t COMPREPLY < <(compgen -c -- "$cur"; compgen -f -- "$cur")
      fi
      ;;
    config) _cellvisor_config ;;
    explain)
      if [[ $cur == -* ]]; then
        _cellvisor_words "${list(CELLVISOR.explainOptions)}"
      else
        _cellvisor_files
        COMPREPLY+=($(compgen -W "${list(CELLVISOR.findings)}" -- "\${cur^^}"))
      fi
      ;;
    module)
      if [[ $at -eq 2 ]]; then
        _cellvisor_words "${list(CELLVISOR.module)}"
      elif [[ \${words[2]} == load ]]; then
        _cellvisor_files '*.ko'
      else
        _cellvisor_words "jailhouse uio_ivshmem"
      fi
      ;;
    completion) if [[ $at -eq 2 ]]; then _cellvisor_words "${list(CELLVISOR.shells)}"; fi ;;
  esac
}

# Domains that exist, from the xl that is first in PATH, whichever it is.
_xl_domains() {
  local name rest
  while read -r name rest; do
    _cellvisor_offer "$name"
  done < <(xl list 2>/dev/null | tail -n +2)
}

_xl() {
  local cur=\${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    _cellvisor_words "${list(XL.commands)}"
    return
  fi
  if [[ $cur == -* ]]; then
    return
  fi
  case \${COMP_WORDS[1]} in
    create) if [[ $COMP_CWORD -eq 2 ]]; then _cellvisor_files '*.cfg'; fi ;;
    config-update)
      case $COMP_CWORD in
        2) _xl_domains ;;
        3) _cellvisor_files '*.cfg' ;;
      esac
      ;;
    ${XL.withDomain.join(' | ')})
      _xl_domains ;;
    help) _cellvisor_words "${list(XL.commands)}" ;;
  esac
}

complete -F _jailhouse jailhouse
complete -F _xl xl
complete -F _uio uio_send uio_read
complete -F _cellvisor cellvisor
`;
