import { CELLVISOR, JAILHOUSE, list, XL } from './words';

/** For a folder of `fpath`, as `_jailhouse`; zsh calls it for each of the commands. */
export const ZSH = `#compdef jailhouse xl cellvisor uio_send uio_read

# Cells that exist. "$1" names: no ids. "$2" root: the root cell too.
_cellvisor_cells() {
  local folder id name
  for folder in /sys/devices/jailhouse/cells/*(N); do
    id=\${folder:t}
    [[ -r $folder/name ]] || continue
    [[ $id == 0 && $2 != root ]] && continue
    IFS= read -r name <$folder/name
    [[ $1 == names ]] || compadd -- $id
    compadd -- $name
  done
}

_jailhouse_selector() {
  if (( CURRENT == 4 )); then
    compadd -- --name
    _cellvisor_cells all $1
  elif (( CURRENT == 5 )) && [[ $words[4] == --name ]]; then
    _cellvisor_cells names $1
  else
    return 1
  fi
}

_jailhouse_cell() {
  local previous=$words[CURRENT-1]
  if (( CURRENT == 3 )); then
    compadd -- ${list(JAILHOUSE.cell)}
    return
  fi
  case $words[3] in
    create) (( CURRENT == 4 )) && _files -g '*.cell' ;;
    load)
      _jailhouse_selector && return
      [[ $previous == (-a|--address|-s|--string) ]] && return
      compadd -- -a --address -s --string
      _files
      ;;
    start|shutdown|destroy) _jailhouse_selector ;;
    stats)
      _jailhouse_selector root
      compadd -- -h --help --json
      ;;
    linux)
      [[ $previous == (-c|--cmdline|-a|--arch|-k|--kernel-decomp-factor) ]] && return
      compadd -- ${list(JAILHOUSE.linuxOptions)}
      if (( CURRENT == 4 )); then _files -g '*.cell'; else _files; fi
      ;;
    list) (( CURRENT == 4 )) && compadd -- ${list(JAILHOUSE.listOptions)} ;;
  esac
}

_jailhouse_config() {
  case $words[3]:$words[CURRENT-1] in
    create:(-r|--root|-o|--output)) _files -/ ;;
    create:--dtb) _files -g '*.dtb' ;;
    create:--dialect) compadd -- ${list(CELLVISOR.dialects)} ;;
    create:--device-regions) compadd -- ${list(JAILHOUSE.deviceRegions)} ;;
    create:(-g|--generate-collector)) _files ;;
    create:(--cell|-c|--console|--mem-hv|--mem-inmates|--ram)) ;;
    create:*) compadd -- ${list(JAILHOUSE.createOptions)} ;;
    check:--against)
      compadd -- ${list(JAILHOUSE.against)}
      _files -g '*.dtb'
      ;;
    check:--image) ;;
    check:*)
      compadd -- ${list(JAILHOUSE.checkOptions)}
      _files -g '*.cell'
      ;;
    collect:*) _files ;;
  esac
}

_cellvisor_config() {
  if [[ $words[CURRENT-1] == --running ]]; then
    _cellvisor_cells all root
    return
  fi
  case $words[3] in
${Object.entries(CELLVISOR.configOptions)
  .map(([command, options]) => `    ${command}) compadd -- ${list(options)} ;;`)
  .join('\n')}
  esac
  _files -g '*.cell'
}

_jailhouse_command() {
  if [[ $words[CURRENT-1] == --backend ]]; then
    compadd -- ${list(JAILHOUSE.backends)}
    return
  fi
  [[ $words[CURRENT-1] == --host ]] && return
  # --backend NAME and --host HOST shift everything behind them.
  while [[ $words[2] == --(backend|host) ]] && (( CURRENT > 3 )); do
    words=($words[1] \${words[4,-1]})
    (( CURRENT -= 2 ))
  done
  if (( CURRENT == 2 )); then
    compadd -- ${list(JAILHOUSE.commands)}
    return
  fi
  case $words[2] in
    enable) (( CURRENT == 3 )) && _files -g '*.cell' ;;
    console) (( CURRENT == 3 )) && compadd -- -f --follow ;;
    cell) _jailhouse_cell ;;
    config)
      if (( CURRENT == 3 )); then compadd -- ${list(JAILHOUSE.config)}; else _jailhouse_config; fi
      ;;
    hardware) (( CURRENT == 3 )) && compadd -- ${list(JAILHOUSE.hardware)} ;;
  esac
}

_cellvisor_command() {
  if (( CURRENT == 2 )); then
    compadd -- ${list(CELLVISOR.commands)}
    return
  fi
  case $words[CURRENT-1] in
    --root|--cell) _files -g '*.cell'; return ;;
    --junit|--trace|--initrd|--dtb|-o|--dtbo|--elf|--image) _files; return ;;
    --dialect|--from) compadd -- ${list(CELLVISOR.dialects)}; return ;;
    --clock) compadd -- ${list(CELLVISOR.clocks)}; return ;;
    --type|--board) compadd -- ${list(CELLVISOR.boardTypes)}; return ;;
    --gdb|--listen|--expect|--timeout|--cmdline|--uart|--release|--since|--fault) return ;;
  esac
  case $words[2] in
    board)
      if (( CURRENT == 3 )); then
        compadd -- ${list(CELLVISOR.board)}
      else
        compadd -- ${list(CELLVISOR.boardOptions)}
        [[ $words[3] == (start|stop|status|reset) ]] && compadd -- ${list(CELLVISOR.boardTypes)}
      fi
      ;;
    try)
      compadd -- ${list(CELLVISOR.tryOptions)}
      _files -g '*.(cell|bin)'
      ;;
    gdb) compadd -- ${list(CELLVISOR.gdbOptions)} ;;
    stats) compadd -- ${list(CELLVISOR.statsOptions)} ;;
    events) compadd -- ${list(CELLVISOR.eventsOptions)} ;;
    exporter)
      compadd -- ${list(CELLVISOR.exporterOptions)}
      _files -g '*.prom'
      ;;
    top) compadd -- ${list(CELLVISOR.topOptions)} ;;
    doctor)
      compadd -- ${list(CELLVISOR.doctorOptions)}
      _files -g '*.cell'
      ;;
    run)
      (( CURRENT == 3 )) && compadd -- ${list(CELLVISOR.runOptions)}
      _command_names -e
      _files
      ;;
    config)
      if (( CURRENT == 3 )); then compadd -- ${list(CELLVISOR.config)}; else _cellvisor_config; fi
      ;;
    explain)
      compadd -- ${list(CELLVISOR.explainOptions)} ${list(CELLVISOR.findings)}
      _files
      ;;
    module)
      if (( CURRENT == 3 )); then
        compadd -- ${list(CELLVISOR.module)}
      elif [[ $words[3] == load ]]; then
        _files -g '*.ko'
      else
        compadd -- jailhouse uio_ivshmem
      fi
      ;;
    completion) (( CURRENT == 3 )) && compadd -- ${list(CELLVISOR.shells)} ;;
  esac
}

# Domains that exist, from the xl that is first in PATH, whichever it is.
_xl_domains() {
  local -a domains=(\${(f)"$(xl list 2>/dev/null)"})
  compadd -- \${domains[2,-1]%% *}
}

_xl_command() {
  if (( CURRENT == 2 )); then
    compadd -- ${list(XL.commands)}
    return
  fi
  [[ $words[CURRENT] == -* ]] && return
  case $words[2]:$CURRENT in
    create:3|config-update:4) _files -g '*.cfg' ;;
    config-update:3) _xl_domains ;;
    help:*) compadd -- ${list(XL.commands)} ;;
    (${XL.withDomain.join('|')}):*) _xl_domains ;;
  esac
}

case $service in
  xl) _xl_command ;;
  jailhouse) _jailhouse_command ;;
  cellvisor) _cellvisor_command ;;
  uio_send|uio_read) (( CURRENT == 2 )) && compadd -- /dev/uio*(N) ;;
esac
`;
