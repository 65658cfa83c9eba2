# Rondo 的全部简体中文文案。键和变量与 `en.ftl` 完全相同，由测试检查。

## 已照办

notice-opened = 舞台已在 { $channel } 开场。用 `/play` 点一首歌，或用 `/seat take` 上座。
notice-closed =
    { $plays ->
        [0] 舞台已关闭，这一场没有播放歌曲。
       *[other] 舞台已关闭，这一场一共播放了 { $plays } 首歌。谢谢大家！
    }
notice-locked = 舞台已锁定：只有常驻成员可以上座或候场。用 `/stage unlock` 重新开放。
notice-unlocked = 舞台已解锁：所有人都可以上座了。
notice-themed = 好了，卡片上会显示新的主题。
notice-added = 已添加《{ $title }》。
notice-added-by = 🎵 { $name } 添加了《{ $title }》。
notice-added-playing = 现在开始播放。
notice-added-place =
    { $place ->
        [1] 排在歌单第一首。
       *[other] 排在歌单第 { $place } 首。
    }
notice-added-opened = 舞台开场了，快来一起听！
notice-added-seat = 坐在 { $seat } 号座位。
notice-added-waiting = 座位已满，候场第 { $place } 位。
notice-added-repeat = 这首歌 { $played } 刚在这里播过；如果轮到时仍离得太近，会改播歌单里的下一首。
notice-seated = 你坐在 { $seat } 号座位。用 `/play` 添加歌曲，等着轮到你吧。
notice-waiting = 座位已满。你在候场第 { $place } 位，有空座时会叫你。
notice-left-seat = 你离开了 { $seat } 号座位。正在播放的歌会播完，你的歌单也会保留。
notice-left-waitlist = 你不再候场了。你的歌单会保留。
notice-kicked = { $member } 已被请下舞台。
notice-banned = { $member } 不能再在这里上座或候场。用 `/stage unban` 可以撤销。
notice-unbanned = { $member } 又可以上座了。
notice-moved = { $member } 换到了 { $seat } 号座位。
notice-sought = 《{ $title }》从 { $position } 继续播放。
notice-skipped = 已跳过《{ $title }》。
notice-rated = 你给《{ $title }》打了 { $stars } 分（满分 5 分）。
notice-rated-changed = 你给《{ $title }》的评分从 { $before } 分改成了 { $stars } 分。
notice-unrated = 你的评分已收回。
notice-voided-all = { $member } 到目前为止的所有评分均已作废，并已记入管理日志。
notice-voided = { $member } 的评分已作废，并已记入管理日志。
notice-commented = 你的弹幕已和这首歌一起保存。
notice-grabbed = 《{ $title }》已收藏。
notice-grabbed-already = 《{ $title }》之前就收藏过了。
notice-removed = 《{ $title }》已从你的歌单移除。
notice-reordered = 《{ $title }》现在排在你的歌单第 { $place } 首。
notice-shuffled =
    { $count ->
        [1] 你的歌单里只有一首歌，顺序不变。
       *[other] 你的 { $count } 首歌已打乱顺序。
    }
notice-cleared = 已从你的歌单移除 { $count } 首歌，歌单现在是空的。
notice-configured = 设置已更改。
notice-track-banned = 《{ $title }》以后不能在这里播放。用 `/settings unban-track` 可以撤销。
notice-track-unbanned = 《{ $title }》又可以在这里播放了。

## 为什么没有照办

refusal-not-in-voice = 你不在语音频道里，没法和大家一起听。先加入一个语音频道再试一次。
refusal-other-channel = 舞台在 { $channel }。先加入那里再试一次。
refusal-no-stage = 现在没有开场的舞台。加入一个语音频道，用 `/play` 或 `/stage open` 开场吧。
refusal-already-open = 舞台已经在 { $channel } 开场了。直接加入吧，或请主持人先用 `/stage close` 关闭。
refusal-nothing-playing = 现在没有播放歌曲。用 `/play` 点一首吧。
refusal-need-host = 只有舞台主持人和管理人员可以这样做。需要的话，请联系他们。
refusal-need-moderator = 只有管理人员可以这样做。需要的话，请联系他们。
refusal-need-admin = 只有管理员（拥有“管理服务器”权限）可以这样做。需要的话，请联系他们。
refusal-locked = 舞台已锁定，只有常驻成员可以上座或候场。你仍可以听歌和评分；想上台的话，请联系主持人。
refusal-stage-banned = 管理人员禁止了你在本服务器上台，所以你不能上座。你仍可以听歌和评分；有疑问请联系管理人员。
refusal-already-seated = 你已经坐在 { $seat } 号座位了。用 `/play` 添加歌曲吧。
refusal-seat-taken = { $seat } 号座位有人了。不填号码就能坐到下一个空座，或进入候场。
refusal-no-such-seat =
    { $seats ->
        [1] 这个舞台只有 1 号一个座位。
       *[other] 这个舞台的座位是 1 到 { $seats } 号。请选其中一个，或不填号码。
    }
refusal-already-waiting = 你已经在候场第 { $place } 位了，有空座时会叫你。
refusal-waitlist-full = 候场已满（{ $limit } 人）。有人离开后再试吧。
refusal-not-on-stage = 你没有座位，也不在候场。用 `/seat take` 上座。
refusal-they-are-not-on-stage = { $member } 没有座位，也不在候场。台上有谁请看卡片。
refusal-too-long = 这首歌长 { $length }，这里最长 { $limit }。请选一首短一些的，或换个短一些的版本。
refusal-too-long-crowded = 这首歌长 { $length }；候场的人较多时，最长 { $limit }。请选一首短一些的，或等人少时再添加。
refusal-setlist-full = 你的歌单已满（{ $limit } 首）。先用 `/queue remove` 腾出位置。
refusal-already-in-setlist = 这首歌已经在你的歌单第 { $place } 首。用 `/queue move` 可以调整位置。
refusal-track-banned = 《{ $title }》被本服务器禁播。请换一首，或联系管理人员。
refusal-word-banned = 内容里有本服务器不欢迎的词。请换一个，或联系管理人员。
refusal-no-such-entry = 这首歌不在（或已不在）你的歌单里。用 `/queue show` 查看歌单。
refusal-empty-setlist = 你的歌单是空的。用 `/play` 添加歌曲吧。
refusal-own-track = 不能给自己播放的歌评分，留给大家吧！
refusal-not-listening = 只有在听的人才能评分：歌曲播放时要在舞台的语音频道里，并且没有关闭耳机。
refusal-too-late = 这首歌不能再评分了：一首歌在它的下一首播完之前都可以评分。
refusal-no-such-turn = 找不到这首歌了。请用频道最下面的卡片再试。
refusal-no-rating = 对方没有给这首歌评过分。
refusal-empty-text = 里面什么都没有。写几个字再试一次。
refusal-text-too-long = 太长了：最多 { $limit } 个字。请缩短后再试。
refusal-vote-instead = 只有这一轮的 Looper、主持人和管理人员可以直接跳过。听众用最低分投票：目前 { $votes } 票，需要 { $needed } 票。
refusal-beyond-end = 这首歌只有 { $length }。请选结尾之前的位置，或用 `/skip` 跳过。
refusal-turn-too-long = 回到那里，你这一轮会超过这里的上限 { $limit }。请选靠后一点的位置。
refusal-live-has-no-place = 这是直播，没有可以前进或后退的位置。用 `/skip` 可以结束。
refusal-vote-off = 只有这一轮的 Looper、主持人和管理人员可以跳过；本服务器没有开启投票跳过。

## 原因

reason-off-theme = 不合主题
reason-too-loud = 太吵
reason-bad-quality = 音质太差
reason-played-already = 刚播过
reason-unsuitable = 不适合这里

## 命令：名称和说明

about-play = 点一首歌：链接、附件，或用文字搜索曲库
name-play = 播放
about-play-query = 音频链接，或要搜索的文字
name-play-query = 内容
about-play-file = 从设备上传音频文件
name-play-file = 文件
about-playnext = 同 /play，但排在自己歌单的最前面
name-playnext = 插播
about-playnext-query = 音频链接，或要搜索的文字
name-playnext-query = 内容
about-playnext-file = 从设备上传音频文件
name-playnext-file = 文件
about-queue = 你自己的歌单：查看和整理
name-queue = 歌单
about-queue-show = 查看你或其他人的歌单
name-queue-show = 查看
about-queue-show-member = 谁的歌单；不填就是你自己的
name-queue-show-member = 成员
about-queue-remove = 从你的歌单移除一首歌
name-queue-remove = 移除
about-queue-remove-track = 哪一首歌
name-queue-remove-track = 歌曲
about-queue-move = 调整一首歌在歌单里的位置
name-queue-move = 移动
about-queue-move-track = 哪一首歌
name-queue-move-track = 歌曲
about-queue-move-place = 新的位置，1 是下一首
name-queue-move-place = 位置
about-queue-shuffle = 打乱你的歌单
name-queue-shuffle = 打乱
about-queue-clear = 清空你的歌单
name-queue-clear = 清空
about-seat = 上座或离座
name-seat = 座位
about-seat-take = 坐上一个座位或开始候场；也可接受留给你的座位
name-seat-take = 上座
about-seat-take-number = 几号座位，从左到右 1 到 5
name-seat-take-number = 号码
about-seat-leave = 离开座位或候场
name-seat-leave = 离座
about-stage = 管理舞台：开场、关闭、维持秩序
name-stage = 舞台
about-stage-open = 在你的语音频道开场
name-stage-open = 开场
about-stage-open-theme = 这一场的主题
name-stage-open-theme = 主题
about-stage-open-rules = 大家需要知道的规则
name-stage-open-rules = 规则
about-stage-close = 关闭舞台并发布场次歌单
name-stage-close = 关闭
about-stage-lock = 只有常驻成员可以上座
name-stage-lock = 锁定
about-stage-unlock = 所有人都可以上座
name-stage-unlock = 解锁
about-stage-theme = 更改主题和规则；都不填则去掉
name-stage-theme = 主题
about-stage-theme-theme = 这一场的主题
name-stage-theme-theme = 主题
about-stage-theme-rules = 大家需要知道的规则
name-stage-theme-rules = 规则
about-stage-kick = 把某人请下舞台或移出候场
name-stage-kick = 请下
about-stage-kick-member = 谁
name-stage-kick-member = 成员
about-stage-kick-reason = 为什么；会记入管理日志
name-stage-kick-reason = 理由
about-stage-move = 把某人换到另一个座位；有人就互换
name-stage-move = 换座
about-stage-move-member = 谁
name-stage-move-member = 成员
about-stage-move-seat = 换到几号座位
name-stage-move-seat = 座位
about-stage-skip = 跳过正在播放的歌，可附理由
name-stage-skip = 跳过
about-stage-skip-reason = 为什么：选一个，或自己写
name-stage-skip-reason = 理由
about-stage-ban = 禁止某人在这里上座
name-stage-ban = 禁止上台
about-stage-ban-member = 谁
name-stage-ban-member = 成员
about-stage-ban-reason = 为什么；会记入管理日志
name-stage-ban-reason = 理由
about-stage-unban = 允许某人重新上座
name-stage-unban = 解除禁止
about-stage-unban-member = 谁
name-stage-unban-member = 成员
about-stage-unban-reason = 为什么；会记入管理日志
name-stage-unban-reason = 理由
about-stage-void = 让某人对一次播放的评分作废
name-stage-void = 评分作废
about-stage-void-member = 谁的评分
name-stage-void-member = 成员
about-stage-void-play = 播放编号（见 /history）；不填就是现在这首
name-stage-void-play = 播放
about-stage-void-all = 让某人到目前为止的所有评分作废
name-stage-void-all = 全部作废
about-stage-void-all-member = 谁的评分
name-stage-void-all-member = 成员
about-seek = 跳到自己这首歌的另一处；主持人和管理人员可以用于任何歌
name-seek = 定位
about-seek-to = 到哪里：1:30，或 90 秒，或从现在起 +10、-10
name-seek-to = 位置
about-skip = 跳过自己的歌；主持人和管理人员可以跳过任何歌
name-skip = 跳过
about-skip-reason = 为什么：选一个，或自己写
name-skip-reason = 理由
about-rate = 给正在播放的歌评分，1 到 5
name-rate = 评分
about-rate-stars = 1 最低，5 最高
name-rate-stars = 分数
about-grab = 收藏正在播放的歌
name-grab = 收藏
about-history = 这里播过的歌，最近的在前
name-history = 历史
about-playlist = 每一场留下的歌单
name-playlist = 场次歌单
about-playlist-list = 所有场次，最近的在前
name-playlist-list = 列表
about-playlist-show = 一场的全部歌曲
name-playlist-show = 查看
about-playlist-show-number = 第几场；不填就是最近一场
name-playlist-show-number = 编号
about-playlist-export = 把一场导出为 XSPF、JSPF、M3U8 和 CSV 文件
name-playlist-export = 导出
about-playlist-export-number = 第几场；不填就是最近一场
name-playlist-export-number = 编号
about-playlist-export-format = 只要这一种文件；不填就是全部
name-playlist-export-format = 格式
about-playlist-import = 把歌单文件里的歌加入你的歌单
name-playlist-import = 导入
about-playlist-import-file = 歌单文件：XSPF、JSPF、M3U8 或 CSV
name-playlist-import-file = 文件
format-xspf = XSPF，给播放器
format-jspf = JSPF，给程序
format-m3u8 = M3U8，给播放器
format-csv = CSV，给电子表格
about-leaderboard = 本服务器的排行榜
name-leaderboard = 排行榜
about-leaderboard-tracks = 按受欢迎程度排列的歌曲
name-leaderboard-tracks = 歌曲
about-leaderboard-tracks-period = 多长时间以内；不填就是一个月
name-leaderboard-tracks-period = 时段
about-leaderboard-loopers = 按所播歌曲受欢迎程度排列的 Looper
name-leaderboard-loopers = looper
about-leaderboard-loopers-period = 多长时间以内；不填就是 90 天
name-leaderboard-loopers-period = 时段
about-leaderboard-rookies = 听过的人还太少、没有名次的 Looper
name-leaderboard-rookies = 新人
about-leaderboard-rookies-period = 多长时间以内；不填就是 90 天
name-leaderboard-rookies-period = 时段
about-leaderboard-listeners = 按收听时长排列的听众
name-leaderboard-listeners = 听众
about-leaderboard-listeners-period = 多长时间以内；不填就是一个月
name-leaderboard-listeners-period = 时段
about-leaderboard-why = 分数是怎么来的，以及你的分数
name-leaderboard-why = 说明
about-profile = 某人在这里播过什么、反响如何
name-profile = 资料
about-profile-member = 谁的；不填就是你自己的
name-profile-member = 成员
about-settings = 本服务器的设置、禁播歌曲和管理日志
name-settings = 设置
about-settings-show = 全部设置和当前值
name-settings-show = 查看
about-settings-set = 更改一项设置（管理员）
name-settings-set = 更改
about-settings-set-name = 哪一项设置
name-settings-set-name = 名称
about-settings-set-value = 新的值
name-settings-set-value = 值
about-settings-ban-track = 禁止在这里播放一首歌（管理人员）
name-settings-ban-track = 禁播
about-settings-ban-track-track = 哪一首歌；搜索这里播过的歌
name-settings-ban-track-track = 歌曲
about-settings-unban-track = 允许重新播放一首歌（管理人员）
name-settings-unban-track = 解除禁播
about-settings-unban-track-track = 哪一首歌
name-settings-unban-track-track = 歌曲
about-settings-log = 主持人、管理人员和管理员做过什么（管理人员可看）
name-settings-log = 日志
about-settings-log-page = 第几页
name-settings-log-page = 页
about-help = 一分钟了解怎么玩
name-help = 帮助
about-about = 这个机器人是什么、保存什么
name-about = 关于
period-week = 最近 7 天
period-month = 最近 30 天
period-quarter = 最近 90 天
period-year = 最近 365 天
period-all = 全部时间

## 出错时

failure = 我这边出了点问题。请再试一次；如果还不行，请把这个编号告诉机器人的主人：`{ $reference }`
failure-busy = 现在太忙了，没能顾上。请稍后再试一次。（`{ $reference }`）
failure-not-kept = 已经照办了，但还没能保存下来，重启后可能会丢失。如果一直这样，请告诉机器人的主人：`{ $reference }`
command-unknown = 这个命令已经没有了。重启 Discord 可看到最新的命令，或查看 `/help`。
button-unknown = 这个按钮是旧版本留下的，已经没有用了。请用频道最下面的卡片。

## 欢迎

welcome = **欢迎！** 大家正在 { $channel } 一起听歌：最多五位 Looper 轮流播放，每人一首，所有人同一时刻听到同样的声音。
welcome-theme = **主题：** { $text }
welcome-rules = **规则：** { $text }
welcome-rate = **评分：** 用卡片下面的表情，从 1 到 5 分：{ $emoji }
welcome-seat = **点歌：** 用 `/play`，会自动上座或候场。其他请看 `/help`。

## /play

play-nothing = 想听什么？给 `/play` 一个链接、要搜索的文字，或一个附件。
play-both = 同时给了文字和附件，请只选一种。
play-no-match = 没有找到“{ $words }”。换几个词试试，或给一个音频链接、附件。
play-not-found = 那里已经没有内容了。请检查链接，或重新搜索。
play-unreachable = 链接所在的服务器没有回应或拒绝了访问。请稍后再试，或改为上传附件。
play-not-allowed = 我只能读取公开的 http 和 https 地址。请改为上传附件。
play-not-sound = 这不是我能读取的音频文件。支持 MP3、AAC/M4A、FLAC、ALAC、WAV、AIFF、CAF、Ogg Vorbis 和 Opus，以及 MP4、MKV 或 WebM 中的这些声音；链接要直接指向文件，而不是网页。
play-protected = 这个流是加密的，我无法播放。换一个试试。
play-broken = 这个文件已损坏，声音无法解码。换一份试试。
play-empty = 这个文件里没有声音。换一个试试。
play-too-fast = 短时间内添加太多了。{ $seconds } 秒后可以再添加。
play-too-long = 这首超过 { $limit }，是我能播放的最长时间。请选短一点的。
play-too-large = 文件太大了，最大 { $limit } MB。请换一个小一些的。
play-not-set-up = 我知道它在哪里，但取不到：运行我的人没有设置这种来源。请上传文件，或提供直接指向文件的链接。
play-not-a-track = 这个服务我只认单曲链接，不认专辑、歌单或歌手。请复制一首歌的链接。
play-not-elsewhere = { $service } 的音乐不对外播放，{ $song } 在别处也没找到。请换一个网站的链接，或上传文件。
play-source-refuses = 音乐服务器拒绝了我的登录。服主可以在我的日志里看到原因；其他来源照常可用。
play-source-down = 那个网站现在没有回应。过几分钟再试，或上传文件。
play-live = 那里正在直播，我无法播放。请换一个录播。
play-busy = 我还在取其他曲目，请稍后再试。
play-instead = 🔎 { $service } 链接：在{ $place ->
        [library] 曲库
       *[other] { $place }
    }找到《{ $song }》。
play-a-list = 一个列表
play-list-added = 🎵 { $name } 添加了《{ $list }》{ $count } 首中的 { $added } 首。
play-list-none = 《{ $list }》的 { $count } 首一首也没能添加。
play-list-cut = 一次最多取列表的 { $limit } 首。
play-left-out = 未添加《{ $title }》：{ $why }
play-left-out-more = … 另有 { $count } 首未添加。
progress-asking = 🔎 正在查找 …
progress-fetching = ⬇️ 正在下载：{ $done } / { $total } MB …
progress-fetching-some = ⬇️ 正在下载：已取 { $done } MB …
progress-looking = 👂 正在检查 …
progress-listing = 🔎 正在查看列表：{ $done } / { $total } …
progress-adding = 🎵 已添加 { $done } / { $total } …
room-no-connect = 我没有连接 { $channel } 的权限。请让管理员授权，或换一个语音频道。
room-no-speak = 我没有在 { $channel } 说话的权限，大家听不到我。请让管理员授权，或换一个语音频道。
room-afk = { $channel } 是给离开的人准备的频道，Discord 不让任何人在那里发声。请换一个语音频道。
room-full = { $channel } 已满，我进不去。请有人让出位置、提高人数上限，或换一个语音频道。

## 评分和弹幕

seek-unclear = 看不懂这个位置。请写 `1:30`、`90`（秒），或用 `+10`、`-10` 前进或后退。
rate-range = 评分是 1 到 5 的数字。
comment-title = 给这首歌发弹幕
comment-label = 想说的话（会记在这一刻）
comment-late = 那首歌已经结束，弹幕没有保存。请用正在播放的歌的卡片再写一次。

## 列表

page = 第 { $page } 页，共 { $pages } 页
queue-title = 你的歌单
queue-title-theirs = 歌单
queue-empty = 你的歌单是空的。用 `/play` 添加歌曲吧。
queue-empty-theirs = { $member } 的歌单是空的。
queue-hidden = 本服务器不显示别人接下来播什么，{ $member } 的歌单先保密。
queue-foot = 共 { $count } 首，{ $length }
history-title = 这里播过的歌
history-empty = 这里还没有播过歌。用 `/play` 来当第一个吧！
playlist-list = 场次
playlist-songs = { $count } 首歌
playlist-none = 这里还没有过场次。在语音频道用 `/play` 开始第一场吧。
playlist-unknown = 没有第 { $number } 场。用 `/playlist list` 查看有哪些。
playlist-empty = 那一场没有播放歌曲。
playlist-name = 第 { $number } 场
playlist-name-theme = 第 { $number } 场：{ $theme }
playlist-exported = 第 { $number } 场，共 { $count } 首歌，可以带走。XSPF 和 M3U8 用 VLC 等播放器打开，CSV 用电子表格打开，JSPF 给程序读取。`/playlist import` 都能读回来。
import-no-file = 请附上歌单文件：XSPF、JSPF、M3U8 或 CSV。`/playlist export` 可以导出。
import-too-large = 这个文件太大，不像歌单；最多读取 { $limit } kB。
import-not-text = 这个文件不是 UTF-8 编码。请另存为 UTF-8（用 M3U8 而不是 M3U）再试。
import-unknown = 这不是我能读的歌单。可以用 XSPF、JSPF、M3U8，以及首行写着列名（Title、Artist、Link……）的 CSV。
import-malformed = 这个文件已损坏：提前结束，或符号不配对。请重新导出。
import-empty = 这个歌单里没有歌曲。
import-unreachable = 无法从 Discord 取得这个文件。请重新附上。
import-title = 文件 { $file }
import-nowhere = 哪里都没找到，这里没有，能查询的网站上也没有
import-song = { $title } · { $artist }

## 排行榜和资料

board-tracks = 最佳歌曲，{ $period }
board-loopers = 最佳 Looper，{ $period }
board-rookies = 值得关注的新人，{ $period }
board-listeners = 最忠实的听众，{ $period }
board-tracks-empty = 还没有歌被足够多的人听过。`/leaderboard why` 说明上榜条件。
board-loopers-empty = 还没有人向足够多的人播过足够多的歌：需要十首歌、五位评分有效的听众。请看 `/leaderboard rookies`。
board-rookies-empty = 还没有新人被评分有效的听众听过。
board-listeners-empty = 这段时间还没有人听过歌。
board-scale-tracks = 100 表示与同样人数面前的普通歌曲相当 · /leaderboard why
board-scale-loopers = 100 表示与其他人同样受欢迎 · /leaderboard why
board-plays = { $count } 次播放
board-voices = { $count } 人次收听
board-people = { $count } 位听众
board-own-place = 你排在第 { $place } 位。
board-own-track = 你最好的歌排在第 { $place } 位：{ $title }。
board-own-track-unlisted = { $title } 还需要更多人听：已达到上榜所需的 { $share }%。
board-own-no-track = 这段时间还没有评分有效的听众在这里听过你的歌。
board-own-rookie = 你是新人：听众 { $raters }/{ $raters-needed } 位，歌曲 { $plays }/{ $plays-needed } 首，之后即可上榜。
board-own-ranked = 你已经不是新人了：请看 `/leaderboard loopers`。
board-own-none = 你还没有上榜。
board-unlisted = 还有 { $count } 个需要更多人听，暂未上榜。
why-title = 排行榜是怎么来的
why-tracks = **歌曲。** 把每位有效听众的感受加起来：{ $loved } 是一颗心，{ $best } 是一又四分之一颗，{ $good } 是半颗，{ $worst } 扣一颗，沉默为零，收藏再加半颗。再与同样人数面前普通歌曲得到的相比（这里 { $few } 人是 { $few-usual } 颗心，{ $many } 人是 { $many-usual } 颗）：100 为普通。听的人少说明不了什么，所以分数会低一些；太少则不上榜。在周榜和月榜上，30 天前的播放只算一半。
why-loopers = **Looper。** 看每位有效听众是否比平时更喜欢这位 Looper 的歌。每人一票，谁的声音都不会更大；什么都喜欢的人不影响排名。100 表示与其他人同样受欢迎。播过 { $plays } 首歌、有 { $raters } 位听众后才有名次，在那之前是新人。
why-listeners = **听众**按听别人歌的时长排列。
why-counts = **谁算有效：** 听了一首歌的一半（至少 { $heard }），账号已有 { $age }以上，加入服务器 { $member }以上，并在该榜的时段内给过至少 { $loopers } 位 Looper 至少 { $ratings } 个评分。有 { $listeners } 位这样的听众，一次播放才计入；同一个人对同一首歌的评分 7 天内只算一次。
why-made = 生成于 { $when }；新的内容几秒内就会出现。
why-not-made = 排行榜还没有生成：播过歌之后几秒内就会有。
why-own = **你**
why-own-looper = 最近 90 天有 { $raters } 位评分有效的听众听过你的歌；{ $warmer } 位比平时更喜欢，{ $cooler } 位不如平时。因此是 { $index }。
why-own-no-looper = 最近 90 天还没有评分有效的听众听过你的歌。
why-own-track = 你最近 30 天最好的歌是 { $title }：{ $plays } 次播放，{ $voices } 人次收听，{ $index }。
why-own-counts = 你的评分有效：最近 90 天你给过 { $count } 个。
why-own-counts-not = 你的评分还不计入排行榜：最近 90 天给过 { $ratings }/{ $ratings-needed } 个评分，涉及 { $loopers }/{ $loopers-needed } 位 Looper。
profile-title = { $name }
profile-plays =
    { $count ->
        [0] 还没有在这里播过歌
       *[other] 在这里播过 { $count } 首歌
    }
profile-received = 收到的评分：{ $score }
profile-heard = 听了 { $time }
profile-given = 给出 { $count } 个评分
profile-kept = 收藏了 { $count } 首歌
profile-best = **最受欢迎**
time-days = { $count } 天
time-hours = { $count } 小时
time-minutes = { $count } 分钟
time-seconds = { $count } 秒

## 设置和管理日志

settings-title = 本服务器的设置
settings-foot = 管理员用 /settings set 更改
settings-unknown = 没有“{ $name }”这项设置。请从输入时的列表里选，或查看 `/settings show`。
settings-changed = `{ $name }` 现在是 **{ $after }**（之前是 { $before }）。
settings-wrong = `{ $name }` 的值应该是{ $wanted }。
settings-not-below = `{ $name }` 必须比 `{ $other }`（{ $value }）短。请先更改后者。
settings-not-above = `{ $name }` 必须比 `{ $other }`（{ $value }）长。请先更改后者。
settings-no-track = 这里没有这首歌。请从输入时的列表里选：里面是本服务器播过的歌。
settings-no-ban = 禁播列表里没有这首歌。请从输入时的列表里选。
wanted-count = {""} { $least } 到 { $most } 的整数
wanted-span = 从 { $least } 到 { $most } 的时间，例如 `90s`、`5分钟`、`1h30m` 或 `2:30`
wanted-flag = {""} `on` 或 `off`
wanted-emoji = 五个不同的表情，用空格分开，从低到高
wanted-language = {""} `en` 或 `zh-CN`
wanted-channel = 一个频道（`#名称`），或 `none`
wanted-role = 一个身份组（`@名称`），或 `none`
wanted-words = 最多 100 个词，每个最多 40 个字，用逗号分开，或 `none`
value-on = 开
value-off = 关
value-none = 无
setting-seats = 舞台上的座位数
setting-offer = 空出的座位为一个人保留多久
setting-turns = 有人候场时每人的轮数
setting-passes = 连续几轮没有歌就下台
setting-idle = 多久没有动静就下台
setting-warning = 提前多久提醒
setting-seat-kept = 离开后座位保留多久
setting-place-kept = 离开后候场位置保留多久
setting-length-limit = 歌曲最长多久
setting-crowded-length-limit = 候场人多时歌曲最长多久
setting-crowd = 多少人候场算人多
setting-setlist-limit = 每人歌单最多几首
setting-repeat-window = 多久以内算重复
setting-crossfade = 前后两首歌重叠播放多久
setting-vote-skip = 听众可以投票跳过
setting-rating-heard = 评分有效至少要听多久
setting-board-account-age = 评分计入排行榜所需的账号年龄
setting-board-member-for = 为此要加入服务器多久
setting-board-ratings = 为此要给过多少个评分
setting-board-loopers = 这些评分至少给过几位 Looper
setting-board-listeners = 一次播放至少要有几位有效听众才计入
setting-heard-enough = 听多久就算听过
setting-close-after = 最后一人离开多久后关闭舞台
setting-emoji = 1 到 5 分的表情
setting-chat-comments = 播放时的聊天成为弹幕
setting-show-next = 显示各人接下来播什么
setting-seats-speak = 在 Discord 舞台频道里，坐上座位的人可以发言
setting-language = 我发帖用的语言
setting-text-channel = 我在哪里发帖；无则在开场的频道
setting-moderator-role = 管理人员身份组（Discord 管理权限之外）
setting-resident-role = 可以进入锁定舞台的身份组
setting-banned-words = 标题和弹幕里不能出现的词
log-title = 管理日志
log-empty = 管理日志还是空的。
deed-closed = 关闭了舞台
deed-locked = 锁定了舞台
deed-unlocked = 解锁了舞台
deed-themed = 把主题设为“{ $theme }”
deed-unthemed = 去掉了主题
deed-kicked = 把 { $member } 请下了舞台
deed-banned = 禁止 { $member } 上台
deed-unbanned = 允许 { $member } 重新上台
deed-moved = 把 { $member } 换到 { $seat } 号座位
deed-skipped = 跳过了《{ $title }》
deed-voided-all = 作废了 { $member } 的所有评分
deed-sought = 在《{ $title }》里跳到 { $position }
deed-voided = 作废了 { $member } 对播放 #{ $play } 的评分
deed-configured = 更改了设置：{ $what }
deed-track-banned = 禁播了《{ $title }》
deed-track-unbanned = 解除了《{ $title }》的禁播

## /help 和 /about

help-title = 用 Rondo 一起听歌
help-first =
    {"**"}1.** 加入语音频道，用 `/play` 加上链接、文字或附件点歌，会自动上座或候场。
    {"**"}2.** 五个座位从左到右轮流，每人一首。你的歌单会等着轮到你。
    {"**"}3.** 大家用卡片下面的表情评分，从 1 到 5 分：{ $emoji }
help-play = **点歌** · `/play` `/playnext` 添加歌曲 · `/queue` 整理歌单 · `/seat` 上座或离座
help-rate = **参与** · 表情、按钮或 `/rate` 评分 · `/grab` 收藏 · 弹幕按钮记下这一刻 · `/skip` 跳过自己的歌，`/seek` 换个位置听
help-look-back = **回顾** · `/history` · `/playlist` 查看、导出和导入场次 · `/leaderboard` · `/profile`
help-host = **管理** · 主持人和管理人员用 `/stage open, close, lock, unlock, theme, kick, move, skip` · 管理团队用 `/stage ban, unban, void, void-all` 和 `/settings`
help-more = `/about` 介绍我是什么、保存什么。
about-title = Rondo
about-what = 一个有五个座位的舞台：Looper 轮流播放，每人一首，所有人同一时刻一起听、评分、聊天。散场之后，这一晚就成为一张歌单。
about-version = 版本 { $version }
about-running = 已运行 { $time }
about-stages = 目前开场的舞台：{ $count } 个
about-sessions = 本服务器的场次：{ $count }
about-plays = 本服务器播过的歌：{ $count }
about-sites = 网站曲目通过 yt-dlp { $version } 播放。
about-sites-aged = 网站曲目通过 yt-dlp { $version } 播放，{ $days ->
        [0] 今天发布
       *[other] 发布已 { $days } 天
    }。
about-server-answers = 音乐服务器工作正常。
about-server-refuses = 音乐服务器拒绝了给它的用户名或密码（`RONDO_SUBSONIC_USER`、`RONDO_SUBSONIC_PASSWORD`）。
about-server-silent = 音乐服务器没有回应（`RONDO_SUBSONIC_URL`），它的歌暂时放不了。
about-sites-absent = 无法播放网站链接：没有安装 yt-dlp。
about-sites-broken = 无法播放网站链接：yt-dlp 已安装但无法运行。
about-disk-full = ⚠️ 运行我的机器磁盘已满。歌曲照常播放，但更耗资源；请维护者清理磁盘。
about-stored = 我会保存谁播了什么、评分、弹幕、收藏，以及每首歌听了多久。不会保存任何人的语音。
about-stage-channels = 在 Discord 舞台频道里，如果我的身份组有**管理频道**、**静音成员**和**移动成员**权限，我可以用你的主题开启舞台，并让 Looper 发言。其他地方不需要这些权限。

## cards and posts

card-idle = 舞台空着
card-idle-hint = 现在没有人有歌。用 `/play` 加关键词、链接或文件，下一首就是你的。
card-listeners = { $count } 人在听
card-session = 第 { $session } 场
card-locked = 🔒 已锁定
card-free = 空位
card-offered = 留给 { $member }
card-away = { $name }（离开中）
card-live = 🔴 **直播** · `{ $time }`
card-on-air = 正在播出：{ $title }
card-next = 下一首：{ $title }
card-tracks = { $count ->
    [0] 还没有歌
   *[other] { $count } 首歌
}
card-waitlist = 候场（{ $count }）
card-more = 还有 { $count } 人
card-score = { $mean } ★（{ $count }）
card-unrated = 还没有评分
card-grabs = { $count } 次收藏
card-skip-votes = 👎 切歌票 { $votes } / { $needed }
button-take-seat = 上座
button-leave-seat = 离座
button-skip = 切歌
button-grab = 收藏
button-comment = 弹幕
post-opened = 🎶 { $host } 在 { $channel } 开了舞台。用 `/play` 点歌：五个座位，一人一首，大家评分。
post-theme = **主题：**{ $text }
post-rules = **规则：**{ $text }
post-offer = { $member }，{ $seat } 号座位留给你，{ $until }截止：按按钮或用 `/seat take`。
post-offer-lapsed = { $member } 没有及时坐上 { $seat } 号座位，候场名次保留。
post-idle-warning = { $member }，你还在吗？如果没有任何动静（评分、说话、按钮），你将离座（{ $at }）。
post-down-turns = { $name } 放完了自己的轮次，把 { $seat } 号座位让给候场的人。
post-down-passed = { $name } 连续几轮没有歌，{ $seat } 号座位空出。
post-down-idle = { $name } 很久没有动静，{ $seat } 号座位空出。
post-down-away = { $name } 离开了频道，{ $seat } 号座位空出。
post-down-gone = { $name } 离开了服务器，{ $seat } 号座位空出。
post-down-kicked = { $name } 被请下了 { $seat } 号座位。
post-down-seat = { $seat } 号座位已取消，{ $name } 离座。
post-hand-raised = ✋ 我在这个舞台频道的听众席，大家听不到我。请让我发言：同意我的举手，或给我的身份组**静音成员**权限，我会自己上台。
post-muted = 🔇 有人在服务器里把我静音了，大家听不到音乐。管理员可以解除：在语音频道里右键点我，取消**服务器静音**。
post-may-not-speak = 🔇 我在 { $channel }，但没有说话的权限，大家听不到音乐。请给我的身份组**说话**权限，或换一个语音频道。
platform-topic = 一起听歌
platform-lacks-stage = 派对在进行，但我无权以你的主题开启 { $channel } 的 Discord 舞台。需要给我的身份组那里的**管理频道**、**静音成员**和**移动成员**权限；授权后用 `/stage theme` 再设一次主题即可。没有它，其他一切照常。
platform-lacks-speakers = 派对在进行，但我无权决定谁在 { $channel } 发言，坐上座位的人仍在听众席。需要给我的身份组那里的**静音成员**权限；或关闭设置 `seats-speak`。
post-track-failed = { $member } 的 **{ $title }** 无法播放，已跳过。
post-repeat = { $member } 的 **{ $title }** 刚放过（{ $played }），改放 TA 的下一首。
post-closed-asked = 舞台已关闭。谢谢大家一起听歌！
post-closed-empty = 大家都走了，舞台已关闭。下次见！
post-closed-expelled = 我被移出了语音频道，舞台已关闭。用 `/stage open` 重新开始。
result-song = **{ $title }**，{ $looper }
result-unrated = 无评分
result-heard = { $count } 人听过
result-first = 在这里首次播放
result-again = { $ending ->
   *[other] 在这里第 { $count } 次播放，首播 { $first }
}
result-limit = 到时长上限被截断
result-skipped-looper = 被 Looper 自己切歌
result-skipped = 被切歌
result-skipped-reason = 被切歌：{ $reason }
result-voted-off = 被投票切歌
result-failed = 没能播放完
result-closed = 舞台关闭
playlist-title = 第 { $session } 场
playlist-title-theme = 第 { $session } 场：{ $theme }
playlist-best = 🏆 今晚最佳：**{ $title }**，{ $looper }，{ $score }
playlist-more = ……还有 { $count } 首
playlist-tracks = { $count } 首歌
picture-best = 今晚最佳
picture-played = 今晚播放
picture-loopers = 台上
picture-listeners = { $count ->
    [0] 没有听众
   *[other] { $count } 人在听
}
picture-ratings = { $count } 个评分
picture-song = { $artist } · { $looper } 播放
picture-song-bare = { $looper } 播放
picture-date = { $year }年{ $month }月{ $day }日
picture-words = 今晚的歌单卡片。最佳歌曲：{ $songs }。台上：{ $loopers }。
playlist-file-title = 第 { $session } 场，{ $guild }
playlist-file-note = { $looper } 播放，{ $score }
rating-refused = 你对《{ $title }》的评分没有被接受：{ $reason }
rating-refused-late = 你的评分没有被接受：{ $reason }
