#!/usr/bin/env python3
"""The baseline: files a Debian package into a section by weighted keywords.

Usage: python3 rules.py      JSON lines in and out, see reply() below; ends at end of input
"""
import json
import re
import sys
from collections import Counter

# (section, weight, where, pattern). "name" patterns match from the start of the package name;
# "text" patterns match whole words of the synopsis or of the name. Every different match of a
# pattern adds its weight, the section with the highest sum wins, and of equal sums the first here.
RULES = [
    ("net", 2, "name", r"net|ip|tcp|dns|irc|ftp|vpn|open(vpn|v?switch)|wire|osmo|globus-|pidgin|prometheus-"
                       r"|proftpd|nagios|telnet|gajim|tor-|cups|mrtg|nova|cinder|(\w+-)+tempest"),
    ("net", 3, "text", r"networks?|networking|tcp|udp|ip|ipv[46]|icmp|dns|dhcp|irc|bittorrent|torrents?|xmpp"
                       r"|jabber|vpn|firewalls?|iptables|packets?|ethernet|bandwidth|telnet|s?ftp|ssh|socks"
                       r"|snmp|upnp|pidgin|nagios|prometheus|routing|router|sniffer|tunnel(ing|s)?|traffic"
                       r"|wireless|wi-?fi|gprs|gsm|infiniband|geoip|openstack|tempest|proftpd|webdav|ldap|nfs"
                       r"|rsync|voip|sip|bluetooth|wimax|multicast|grid community toolkit|nat|routers?|pcap"
                       r"|ddos|kerberos|radius|openssh|munin|messenger|instant messaging|chat|twitter|gopher"),
    ("net", 2, "text", r"client|proxy|protocol|relay|internet|remote|daemon|connections?|ports?|ssl|tls"
                       r"|secure|hosts?|servers?|addresses|over|peer|tor|usenet|downloader|downloads?"
                       r"|monitoring|nameserver|api"),
    ("net", 1, "text", r"http|services|integration|encryption|toolkit|key|test suite|performance"),

    ("science", 4, "name", r"apertium|indi-|yorick-|q2-|coinor-|ncbi-|jupyter|orthanc|gromacs|astro|cpl-|r-"
                           r"|bio(?!metric)|fast[aq]|bam|vcf|seq|pdb|fits"),
    ("science", 2, "name", r"python3-"),
    ("science", 4, "text", r"genom(e|es|ic|ics)|metagenom\w*|transcriptom\w*|epigenom\w*|genes?|genetics?|dna"
                           r"|rna|mrna|proteins?|proteom\w*|sequenc(es|ing)|nucleotide|alignments?"
                           r"|phylogen\w*|bioinformatics|biolog(y|ical)|biosequences|nanopore|illumina"
                           r"|fast[aq]|bam|vcf|k-?mers?|amino acid|species|molecul\w*|bacteria\w*|microbial"
                           r"|taxonom\w*|chemi\w+|crystal\w*|astronom\w*|telescopes?|stars?|satellites?"
                           r"|planet\w*|qiime|yorick|apertium|translation data|eso|indi|neuro\w*|physics"
                           r"|electronic structure|quantum|spectr\w+|seismi\w*|dicom|geographic|geo\w*|gis"
                           r"|weather|climate|meteorolog\w*|fortran|machine learning|neural|medical|jupyter"
                           r"|peptides?"),
    ("science", 3, "text", r"sequence|reads?|assembl(y|er|ers|ies)|annotat\w*|models?|modell?ing|scientific"
                           r"|dynamics|statistic\w*|variants?|pipeline|bayesian|likelihood|markov"
                           r"|classification|evolution\w*|structur\w+|finite element|clustering"
                           r"|data reduction|datasets?|populations?|ontolog\w*"),
    ("science", 2, "text", r"analy[sz]\w*|efficient|simulat\w+|visuali[sz]\w*|predict\w*|solver|example data"
                           r"|test data|examples|estimat\w+|detection|parallel|workflows?|comparison|short"
                           r"|long|pair|trees|learning|de novo|optimi[sz]ation|language pair|imaging"
                           r"|python ?3?|benchmarks?|high performance computing"),

    ("admin", 4, "name", r"puppet|icinga|libpam|libnss|golang-github|apt|dpkg|deb|dh-|cron|grub|lvm|systemd"
                         r"|init|ansible|virt|zfs|xfs|btrfs|acpi|x2go|libvirt|biometric|coredhcp|cockpit"
                         r"|cloud-|util-|user|sys|refpolicy|selinux|fai-"),
    ("admin", 4, "text", r"puppet|icinga|icingaweb|pam|nss|filesystems?|file ?systems?|disks?|partitions?"
                         r"|raid|lvm|mount|boot|boot ?loader|init|systemd|sysv\w*|cron|backups?|logs?|logging"
                         r"|syslog|syslog-ng|package manager|apt|dpkg|install(s|er|ation)?|kernel|hardware"
                         r"|firmware|usb|scsi|users?|groups?|accounts?|passwords?|virtual machines?"
                         r"|containers?|docker|selinux|configuration management|deploy\w*|cluster|watchdog"
                         r"|cpu|acpi|power|ansible|libvirt|virtuali[sz]\w*|permissions|debian|daemon(s|tools)"
                         r"|privileges?|sudo|repository|fuse|udev|ipmi|smart ?card|pkcs|tpm|d-bus|runit"),
    ("admin", 2, "text", r"manag(e|er|es|ing|ement)|administrat\w+|system|configuration|monitor|monitoring"
                         r"|service|memory|process(es)?|security|directories|recovery|updates?|for linux"
                         r"|policy|virtual|device|devices|module for|hosts|attacks?|forensic\w*|scheduler"
                         r"|resource|menu|authentication|blind person|userspace|driver|package|packages"),

    ("games", 5, "name", r"minetest|fortunes?|libretro|mupen|scid|ufoai|openarena|xjokes|xfrisk|crossfire"
                         r"|freeciv|openttd|k(blocks|mines|pat)|gnome-(chess|mines|2048)|kodi-game|empire"
                         r"|flightgear|game"),
    ("games", 5, "text", r"games?|chess|puzzles?|arcade|minetest|shoot 'em|shoot-em-up|shooter|roguelike|rpg"
                         r"|mmorpg|dungeon|tetris|solitaire|sudoku|mahjongg?|pinball|poker|bridge game"
                         r"|fortune|cookies|multiplayer|libretro|mupen64plus|infocom|z-code|emulator"
                         r"|flight simulator|scid|shogi|reversi|othello|minesweeper|pac-?man|asteroids|doom"
                         r"|quake|openarena|backgammon|gammon|risk|civilization|nethack|sokoban|breakout"
                         r"|snake|cards? game|invasion|levels|players|platformer|crosswords?|ukagaka"
                         r"|boardgame|ascii-art game|pet"),
    ("games", 3, "text", r"play|playing|adventures?|strategy|board|fantasy|clone|combat|battle|wars?|tanks?"
                         r"|racing|racer|logic|toy|world|worlds|maps?|maze|alien|aliens|penguin|action"
                         r"|jump\w*|cards?|jokes|funny|sprites|opponents?|magic|cube|joystick"
                         r"|console frontend|story|tycoon|hunt|kids|fun|children|turn-based"),
    ("games", 3, "text", r"data files|graphics and audio data"),
    ("games", 1, "text", r"2d|3d|engine|classic|space|similar to|common files|graphics and|music"
                         r"|simulat(or|ion)"),

    ("text", 4, "name", r"aspell|hunspell|myspell|ispell|dict-|printer-|wiki|docbook|xml|pdf|tex|html2"
                        r"|hyphen|mythes|sgml|ps2|doc"),
    ("text", 4, "text", r"dictionar(y|ies)|aspell|hunspell|myspell|ispell|spell\w*|printers?|xml|xslt|docbook"
                        r"|sgml|postscript|pdf|rtf|markdown|markup|latex|tex|braille|utf-8|unicode|ascii"
                        r"|man pages|ebooks?|e-?book|word processor|text files?|grammar|hyphenation|thesaurus"
                        r"|typeset\w*|json|yaml|csv|restructuredtext|diffs?|citation|bibtex|bibliograph\w*"
                        r"|ms-word|wordlist|word list|pager|opendocument|linguistic|stemm\w+|proofread\w*"
                        r"|asciidoc|charset|encodings?|translator|transliterat\w*|fonts?|paragraphs?"),
    ("text", 2, "text", r"documents?|text|convert\w*|html|word|words|print\w*|pars(er|ing)|formats?|formatter"
                        r"|format|validator|validat\w+|english|arabic|greek|russian|files|compare\w*|epub"
                        r"|filter|highlight\w*|pretty|libreoffice|language|patch|search"),

    ("sound", 5, "name", r"pd-|fest|mopidy|jack|alsa|pulse|aud|zita|mp3|mpd|midi|lv2|xmms|ladspa|calf|csound"
                         r"|mbrola|flac|vorbis|nas|festvox|timidity|linphone"),
    ("sound", 4, "text", r"audio|music|sound|sounds|midi|mp3|jack|alsa|pulseaudio|lv2|ladspa|dssi|vst"
                         r"|synth\w*|softsynth|speech|speaker|voices?|mixer|sequencer|ogg|vorbis|flac|wav"
                         r"|opus|mpd|mopidy|pd|pure data|festival|radio|podcasts?|drum\w*|guitar|tracker"
                         r"|tempo|reverb|equali[sz]er|song|songs|lyrics|cd player|cds?|id3|volume|karaoke"
                         r"|piano|metronome|oscillator|tuner|dj|loop|network audio|drumkits|impulse responses"
                         r"|vinyl|softphone|last\.?fm|spotify|mod files|sid|chiptune|gramophone|soundfont\w*"
                         r"|organ|replaygain"),
    ("sound", 2, "text", r"player|plugins|tags?|tagger|ripper|meter|signal|convolution|playlist|realtime"
                         r"|objects?|recorder|recording|library of|denoiser|pitch|stereo|effects?"),

    ("graphics", 4, "name", r"gimp|inkscape|png|jpe?g|img|image|svg|ocr|tesseract|blender|vtk|icc|gd|cam|exif"
                            r"|pix|darktable|gmic|krita|openexr|xsane|sane|lomiri-gallery|color"),
    ("graphics", 4, "text", r"images?|png|jpeg|jpg|gif|tiff|svg|exif|gimp|inkscape|ocr|photo\w*|pictures?"
                            r"|drawing|drawings|paint\w*|icons?|colou?rs?|pixels?|pixel art|render\w*"
                            r"|ray ?trac(er|ing)|figures|opengl|scann(er|ed|ing)|camera|cad|mesh(es)?|voxel"
                            r"|diagrams?|screenshots?|screencast|vector|wallpapers?|textures?|fractals?"
                            r"|animat\w+|barcodes?|qr|cms|icc|raw|exposure|hdr|panorama\w*|slideshow|blender"
                            r"|3d models?|steganography|bitmap|vrml|vulkan|openxr|gallery|clip art"
                            r"|framebuffer|tesseract|stereogram|metafile|presentation"),
    ("graphics", 2, "text", r"graphics?|art|viewer|3d|digital|design|album|optimizer|poster|shapes|visual"
                            r"|generator"),

    ("web", 4, "name", r"webext|web|www|sass|gosa|libapache|node-|libjs|php-|mediawiki|uwsgi|cgi|http|varnish"
                       r"|smarty|wordpress|drupal|moodle|lighttpd|apache|chromium|firefox|wget|curl"),
    ("web", 4, "text", r"web|www|website|websites|css|sass|cgi|browsers?|javascript|php|gosa|mediawiki|wiki"
                       r"|wikis|uwsgi|apache|urls?|blogs?|rss|feeds?|wordpress|webmail|firefox|chromium"
                       r"|html5?|varnish|cms|static site|site generator|jquery|webserver|rest|bookmarks?|atom"
                       r"|forum|django|ads|cookie"),
    ("web", 2, "text", r"http|https|page|pages|sites?|server|extension|framework|proxy|caching|themes?|lua"
                       r"|ruby|online|stylesheets|load balancer|template\w*|collaborative"),

    ("math", 5, "name", r"octave|gap-|pari|coq|why3|maxima|gnuplot|scilab|sage|math|hol88|evolver"),
    ("math", 5, "text", r"octave|gap|algebra\w*|pari/gp|pari|polynomials?|math\w*|calculators?|theorem"
                        r"|provers?|proofs?|elliptic|number theory|integers?|primes?|factori[sz]\w*"
                        r"|topolog\w*|sat solver|smt|matri(x|ces)|linear programming|differential|equations"
                        r"|finite groups|arbitrary precision|crystallographic|geometr(y|ic)|combinatori\w*"
                        r"|plotting|plot|arithmetic|numeric(al)?|coq|symbolic|gibbs|probability|fractions?"
                        r"|polytopes?|tetrahedral|convex|logarithm\w*|statistical|higher order logic"
                        r"|spreadsheets?|matlab|homology"),
    ("math", 2, "text", r"compute|computing|functions|linear|groups|precision|solver|exact|solve\w*"
                        r"|elimination|theory|discrete|optimization|finite element|regression|abstract"),

    ("mail", 5, "name", r"mail|postfix|exim|dovecot|spam|courier|claws|thunderbird|mutt|clam|sendmail|imap"
                        r"|pop3|smtp|mew|notmuch|kmail|milter|spf|sa-"),
    ("mail", 6, "text", r"e-?mails?|mails?|smtp|imap4?|pop3?|mta|spam|spamassassin|postfix|exim4?|sendmail"
                        r"|dovecot|maildir|mailbox(es)?|mutt|neomutt|thunderbird|newsreader|dkim|spf|milters?"
                        r"|mailing lists?|mbox|procmail|sieve|mua|autoresponder|virus|address ?book|evolution"
                        r"|mime|qmail|notmuch|news reader|sender policy framework|claws|dmarc|gmail|nntp"
                        r"|outlook|attachments?|mailers?"),

    ("editors", 7, "name", r"elpa|vim|emacs|xemacs|libreoffice|nano|tex(maker|studio|works)|neovim|jed|joe"
                           r"|kate|proofgeneral"),
    ("editors", 5, "text", r"emacs|vim?|elisp|xemacs|neovim|org-mode|text editor|hex editor|nvi|textmate"
                           r"|latex editor|source editor|mind ?maps?|office productivity suite"
                           r"|markdown editor"),
    ("editors", 3, "text", r"editor|editing|editors|mode|note|notes|completion|outliner|office|snippets"
                           r"|syntax"),

    ("video", 7, "name", r"vdr|obs|mpv|mplayer|dvd|ffmpeg|kodi|v4l|mkv|vlc|dvb|gst|subtitle|h26|libva|x26"
                         r"|xine"),
    ("video", 6, "text", r"videos?|vdr|dvb|obs studio|mpv|mplayer|dvds?|ffmpeg|tv|television|youtube"
                         r"|subtitles?|movies?|mpeg\S*|mjpeg|av1|h\.?26[45]|matroska|webm|vaapi|va-api|v4l2?"
                         r"|video4linux|kodi|gstreamer|webcam|stop-motion|codec|camcorder|media player|xine"
                         r"|vlc|films?|transcod\w*"),
    ("video", 2, "text", r"encoder|decoder|capture|stream|streams|streaming|multimedia|media|studio"),
]
COMPILED = [(section, weight, where,
             re.compile(f"(?:{pattern})" if where == "name" else rf"(?<!\w)(?:{pattern})(?!\w)"))
            for section, weight, where, pattern in RULES]


def section_of(package: str, synopsis: str) -> str:
    name = package.lower()
    text = synopsis.lower() + " | " + name.replace("-", " ")
    scores: Counter[str] = Counter()
    for section, weight, where, pattern in COMPILED:
        if where == "name":
            scores[section] += weight if pattern.match(name) else 0
        else:
            scores[section] += weight * len({match[0] for match in pattern.finditer(text)})
    section, score = scores.most_common(1)[0]
    return section if score else "science"  # most of the packages that no rule knows


def reply(line: str) -> str:
    """{"id": "7", "input": {"package": ..., "synopsis": ...}} -> {"id": "7", "output": "games"}"""
    request = json.loads(line)
    row = request["input"]
    return json.dumps({"id": request["id"], "output": section_of(row["package"], row["synopsis"])})


if __name__ == "__main__":
    for line in sys.stdin:
        print(reply(line), flush=True)
