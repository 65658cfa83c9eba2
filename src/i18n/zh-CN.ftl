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
notice-forgotten = 舞台上已没有关于你的任何记录。
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
refusal-rating-voided = 管理人员作废了你对这首歌的评分，所以你不能再给它评分。下一首仍可以评分；有疑问请联系管理人员。
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
about-stage-open-speak = 如果这是 Discord 舞台频道，谁可以发言
name-stage-open-speak = 发言
speak-seats = Looper：坐上座位就能发言
speak-nobody = 不增加：坐上座位没有变化
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
about-stage-share = 舞台直播页的链接，以及叠加在直播画面上的链接
name-stage-share = 分享
about-stage-unshare = 直播页的链接从此失效
name-stage-unshare = 撤回分享
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
about-grab-collection = 同时加入自己的一个精选集
name-grab-collection = 精选集
about-collection = 精选集：制作、发现、收藏和播放
name-collection = 精选集
about-collection-create = 新建自己的精选集
name-collection-create = 新建
about-collection-create-name = 叫什么名字
name-collection-create-name = 名称
about-collection-create-description = 里面有什么
name-collection-create-description = 简介
about-collection-add = 添加歌曲：链接、文字、文件、正在播放的歌或收藏过的歌
name-collection-add = 添加
about-collection-add-collection = 你的哪个精选集
name-collection-add-collection = 精选集
about-collection-add-query = 链接、要搜索的文字，或 now（正在播放的歌）
name-collection-add-query = 内容
about-collection-add-file = 设备里的音频文件
name-collection-add-file = 文件
about-collection-remove = 移除一首歌
name-collection-remove = 移除
about-collection-remove-collection = 你的哪个精选集
name-collection-remove-collection = 精选集
about-collection-remove-track = 哪一首
name-collection-remove-track = 歌曲
about-collection-reorder = 把一首歌换个位置
name-collection-reorder = 排序
about-collection-reorder-collection = 你的哪个精选集
name-collection-reorder-collection = 精选集
about-collection-reorder-track = 哪一首
name-collection-reorder-track = 歌曲
about-collection-reorder-place = 新的位置，1 是第一首
name-collection-reorder-place = 位置
about-collection-describe = 修改名称或简介
name-collection-describe = 修改
about-collection-describe-collection = 你的哪个精选集
name-collection-describe-collection = 精选集
about-collection-describe-name = 新的名称
name-collection-describe-name = 名称
about-collection-describe-description = 里面有什么；写“无”则去掉
name-collection-describe-description = 简介
about-collection-publish = 让这里的所有人都能找到、收藏和播放
name-collection-publish = 发布
about-collection-publish-collection = 你的哪个精选集
name-collection-publish-collection = 精选集
about-collection-unpublish = 取消发布（管理人员可下架任何人的）
name-collection-unpublish = 下架
about-collection-unpublish-collection = 哪个精选集
name-collection-unpublish-collection = 精选集
about-collection-delete = 删除自己的一个精选集
name-collection-delete = 删除
about-collection-delete-collection = 你的哪个精选集
name-collection-delete-collection = 精选集
about-collection-browse = 最新的、收藏最多的、品味相近的人收藏的
name-collection-browse = 逛逛
about-collection-show = 查看一个精选集，或你的全部
name-collection-show = 查看
about-collection-show-collection = 哪一个；不填则列出你的全部
name-collection-show-collection = 精选集
about-collection-save = 收藏别人的精选集
name-collection-save = 收藏
about-collection-save-collection = 哪个精选集
name-collection-save-collection = 精选集
about-collection-unsave = 不再收藏
name-collection-unsave = 取消收藏
about-collection-unsave-collection = 哪个精选集
name-collection-unsave-collection = 精选集
about-collection-share = 已发布精选集的网页链接
name-collection-share = 分享
about-collection-share-collection = 哪个精选集
name-collection-share-collection = 精选集
about-collection-withdraw = 永久撤下那个网页
name-collection-withdraw = 撤回
about-collection-withdraw-collection = 哪个精选集
name-collection-withdraw-collection = 精选集
about-collection-play = 把里面的歌都加入你的歌单
name-collection-play = 播放
about-collection-play-collection = 哪个精选集
name-collection-play-collection = 精选集
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
about-playlist-share = 一场的网页链接，没有 Discord 的人也能看
name-playlist-share = 分享
about-playlist-share-number = 第几场；不填就是最近一场
name-playlist-share-number = 编号
about-playlist-withdraw = 把一场的网页撤下
name-playlist-withdraw = 撤下
about-playlist-withdraw-number = 第几场
name-playlist-withdraw-number = 编号
about-playlist-export-format = 只要这一种文件；不填就是全部
name-playlist-export-format = 格式
about-playlist-import = 把歌单文件里的歌加入你的歌单
name-playlist-import = 导入
about-playlist-import-file = 歌单文件：XSPF、JSPF、M3U8 或 CSV
name-playlist-import-file = 文件
about-playlist-import-collection = 改为加入你的这个精选集
name-playlist-import-collection = 精选集
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
about-leaderboard-collections = 按别人的收藏和播放排列的精选集
name-leaderboard-collections = 精选集
about-leaderboard-collections-period = 多久以内；不填为一个月
name-leaderboard-collections-period = 时段
about-leaderboard-why = 分数是怎么来的，以及你的分数
name-leaderboard-why = 说明
about-profile = 某人在这里播过什么、反响如何
name-profile = 资料
about-profile-member = 谁的；不填就是你自己的
name-profile-member = 成员
about-taste = 你和某人的评分有多像，哪些歌最能说明
name-taste = 口味
about-taste-member = 和谁比
name-taste-member = 成员
about-recap = 一周、一个月或一年的回顾图
name-recap = 回顾
about-recap-period = 多长时间以内；不填就是一周
name-recap-period = 时段
about-recap-of = 本服务器的还是你自己的；不填就是本服务器的
name-recap-of = 谁的
about-recap-member = 某位成员的
name-recap-member = 成员
recap-choice-week = 一周
recap-choice-month = 一个月
recap-choice-year = 一年
recap-choice-server = 本服务器
recap-choice-me = 我
about-scrobble = 把你听的歌记到 ListenBrainz 或 Last.fm
name-scrobble = 听歌记录
about-scrobble-link = 关联账号，之后你听的歌会记到那里
name-scrobble-link = 关联
about-scrobble-link-service = 哪个服务
name-scrobble-link-service = 服务
about-scrobble-status = 关联了什么，发送了多少，还有多少在等，出了什么问题
name-scrobble-status = 状态
about-scrobble-unlink = 解除关联，令牌和所有相关内容都会删除
name-scrobble-unlink = 解除
about-scrobble-unlink-service = 哪个服务
name-scrobble-unlink-service = 服务
about-scrobble-here = 在本服务器听的歌是否发送
name-scrobble-here = 本服务器
about-scrobble-here-state = 开或关
name-scrobble-here-state = 开关
about-scrobble-playlist = 把一场的歌单放到你的 ListenBrainz
name-scrobble-playlist = 歌单
about-scrobble-playlist-number = 第几场；不填就是最近一场
name-scrobble-playlist-number = 编号
about-scrobble-playlist-visible = 谁能看到；不填就只有你自己
name-scrobble-playlist-visible = 可见
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
about-privacy = 我保存的关于你的内容：查看、删除、隐藏名字
name-privacy = 隐私
about-privacy-show = 以文件形式给你我保存的关于你的全部内容
name-privacy-show = 查看
about-privacy-delete = 让我忘记你；会先说明会发生什么
name-privacy-delete = 删除
about-privacy-hide = 不在本服务器的网页上显示你的名字
name-privacy-hide = 隐藏
about-privacy-hide-name = 不填则隐藏
name-privacy-hide-name = 名字
choice-privacy-hidden = 隐藏
choice-privacy-shown = 显示
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
play-gone = 那首歌的文件已经不在我这里了：上传的文件播放后过一段时间会被清理。请重新上传，或提供链接。
play-no-room = 运行我的机器上没有空间再放曲目了，已通知机器人的主人。歌单和曲库里的歌仍可播放。
play-busy = 我还在取其他曲目，请稍后再试。
play-instead = 🔎 { $service } 链接：在{ $place ->
        [library] 曲库
        [server] 音乐服务器上
       *[other] { $place }
    }找到《{ $song }》。
play-a-list = 一个列表
play-list-added =
    🎵 { $name } 添加了《{ $list }》{ $count ->
        [1] 里仅有的一首
       *[other] { $count } 首中的 { $added } 首
    }。
play-list-none =
    { $count ->
        [1] 《{ $list }》里仅有的一首没能添加。
       *[other] 《{ $list }》的 { $count } 首一首也没能添加。
    }
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
playlist-on-air-more = ……还有 { $count } 首
playlist-name-theme = 第 { $number } 场：{ $theme }
playlist-shared =
    第 { $number } 场的网页：{ $link }
    拿到链接的人都能看，不用 Discord。`/privacy hide` 可以让你的名字不出现；房主、这一场的 Looper 和管理员可以用 `/playlist withdraw` 撤下它。
playlist-withdrawn = 第 { $number } 场的网页已撤下，它的链接不会再有效。能撤下它的人可以用 `/playlist share` 再做一个。
playlist-not-shared = 第 { $number } 场没有网页。
playlist-withdraw-not-yours = 只有第 { $number } 场的房主、Looper 和管理员可以撤下它的网页。要隐藏你自己的名字，用 `/privacy hide`。
playlist-was-withdrawn = 第 { $number } 场的网页已被撤下。只有房主、Looper 和管理员可以再做一个。
playlist-no-pages = 这里没有网页：运行我的人没有设置公开地址（`RONDO_PUBLIC_URL`）。`/playlist export` 可以把一场导出为文件。
playlist-exported = 第 { $number } 场，共 { $count } 首歌，可以带走。XSPF 和 M3U8 用 VLC 等播放器打开，CSV 用电子表格打开，JSPF 给程序读取。`/playlist import` 都能读回来。
import-no-file = 请附上歌单文件：XSPF、JSPF、M3U8 或 CSV。`/playlist export` 可以导出。
import-too-large = 这个文件太大，不像歌单；最多读取 { $limit } kB。
import-not-text = 这个文件不是 UTF-8 编码。请另存为 UTF-8（用 M3U8 而不是 M3U）再试。
import-unknown = 这不是我能读的歌单。可以用 XSPF、JSPF、M3U8，以及首行写着列名（Title、Artist、Link……）的 CSV。
import-malformed = 这个文件已损坏：提前结束，或符号不配对。请重新导出。
import-empty = 这个歌单里没有歌曲。
import-unreachable = 无法从 Discord 取得这个文件。请重新附上。
import-at-work = 你的另一份歌单还在导入。等它完成后再导入这一份。
import-title = 文件 { $file }
import-nowhere = 哪里都没找到，这里没有，能查询的网站上也没有
import-no-time = ⏳ 找了 { $minutes } 分钟后就停下了，还有 { $count } 首没来得及找。缺的歌都写在下面的文件里。
import-song = { $title } · { $artist }

## 精选集

collection-created = 精选集《{ $name }》建好了，目前只有你能看到。用 `/collection add` 添加歌曲，用 `/collection publish` 让大家看到。
collection-added = **{ $title }** 是《{ $name }》的第 { $place } 首。
collection-added-many =
    { $added ->
        [0] { $count ->
            [1] 仅有的一首没能加入《{ $name }》。
           *[other] { $count } 首歌一首也没能加入《{ $name }》。
        }
       *[other] { $count ->
            [1] 仅有的一首已加入《{ $name }》。
           *[other] { $count } 首歌中的 { $added } 首已加入《{ $name }》。
        }
    }
collection-why-already = 里面已经有了
collection-why-no-room = 已经放满了
collection-removed = **{ $title }** 已从《{ $name }》移除。
collection-reordered = **{ $title }** 现在是《{ $name }》的第 { $place } 首。
collection-described = 《{ $name }》已修改。
collection-published = 《{ $name }》已发布：这里的所有人都能用 `/collection browse` 找到、收藏和播放。之后的修改会立即显示。
collection-link = 它的网页，不用 Discord 也能看：{ $link }
collection-shared = 《{ $name }》的链接：{ $link }
collection-withdrawn = 《{ $name }》的网页已永久撤下，原来的地址不再有效。它在本服务器里仍然是已发布的。
collection-was-withdrawn = 《{ $name }》的网页被撤下过，只有制作者和管理人员能重新生成。
collection-not-shared = 《{ $name }》没有网页，无需撤下。
collection-withdraw-not-yours = 只有《{ $name }》的制作者和管理人员能撤下它的网页。请联系他们。
collection-share-unpublished = 《{ $name }》没有发布，别人看不到它的网页。请先用 `/collection publish` 发布。
collection-unpublished = 《{ $name }》又只有你能看到了。重新发布后，收藏过的人会再次看到。
collection-barred = { $member } 的《{ $name }》已下架，只有管理人员能用 `/collection publish` 恢复。已记入日志。
collection-unbarred = { $member } 的《{ $name }》已重新上架。已记入日志。
collection-delete-ask =
    要永久删除《{ $name }》吗？里面有 { $count } 首歌{ $saves ->
        [0] {""}
       *[other] ，{ $saves } 人收藏
    }。
collection-deleted = 《{ $name }》已删除。
collection-kept = 《{ $name }》保持原样。
collection-saved = 已收藏《{ $name }》。`/collection show` 会列出它，`/collection play` 会优先找到它。
collection-unsaved = 已取消收藏《{ $name }》。
collection-no-such = 这里没有这个精选集，或者它没有发布。请从输入时的列表里选，或查看 `/collection browse`。
collection-not-yours = 《{ $name }》是别人的，只有本人能修改。可以用 `/collection save` 收藏，或用 `/collection create` 建自己的。
collection-empty-name = 精选集需要一个名称。写几个字再试一次。
collection-name-too-long = 名称太长了，最多 { $limit } 个字。请缩短后再试。
collection-name-taken = 你已经有一个叫《{ $name }》的精选集。换个名称，或直接往里添加。
collection-description-too-long = 简介太长了，最多 { $limit } 个字。请缩短后再试。
collection-too-many = 你已经有 { $limit } 个精选集，不能再多了。请先用 `/collection delete` 删除一个。
collection-full = 《{ $name }》已满（{ $limit } 首）。用 `/collection remove` 腾出位置，或另建一个。
collection-already-in = 这首歌已经在《{ $name }》里，是第 { $place } 首。可以用 `/collection reorder` 换位置。
collection-no-such-track = 《{ $name }》里没有这首歌（了）。请从输入时的列表里选，或写序号。
collection-nothing-in-it = 《{ $name }》里还没有歌。请先用 `/collection add` 添加。
collection-already-published = 《{ $name }》已经发布了，大家用 `/collection browse` 就能找到。
collection-not-published = 《{ $name }》没有发布，无需下架。
collection-barred-already = 管理人员下架了《{ $name }》，你不能发布它。它仍然是你的；请和管理人员沟通。
collection-own-save = 《{ $name }》是你自己的，本来就在。
collection-already-saved = 你已经收藏了《{ $name }》。`/collection show` 会列出它。
collection-not-saved = 你没有收藏《{ $name }》。
collection-too-many-saves = 你已经收藏了 { $limit } 个精选集，不能再多了。请先用 `/collection unsave` 取消一个。
collection-add-nothing = 要添加什么？给 `/collection add` 一个链接、要搜索的文字、附件，或 `now`（正在播放的歌）。
collection-nothing-to-change = 请给 `/collection describe` 新的名称或简介（写“无”则去掉简介）。
collection-grabs = 收藏过的歌
collection-grabs-empty = 你还没有在这里收藏过歌。用 `/grab` 或卡片下面的按钮收藏正在播放的歌。
collection-grabs-are-grabbed = “收藏过的歌”用 `/grab` 添加，只属于你自己。用 `/collection create` 新建精选集，再把收藏过的歌加进去：`/collection add` 会列出它们。
collection-now = ▶ 正在播放：{ $song }
collection-grabbed = ♥ 收藏过：{ $song }
collection-overview = 你的精选集
collection-none-own = 你还没有自己的精选集。用 `/collection create` 新建一个吧。
collection-saved-head = **收藏的精选集**
collection-empty = 里面还没有歌。
collection-by = { $name } 制作
collection-tracks = { $count } 首歌
collection-saves = { $count } 人收藏
collection-published-when = 发布于 { $when }
collection-is-published = 已发布
collection-is-private = 只有你能看到
collection-is-barred = 已被管理人员下架
browse-newest = 最新的精选集
browse-saved = 收藏最多的精选集
browse-alike = 品味相近的人收藏的精选集
browse-tab-newest = 最新
browse-tab-saved = 收藏最多
browse-tab-alike = 品味相近
browse-hint = 用 /collection show、save 或 play
browse-empty = 这里还没有人发布精选集。用 `/collection create` 来当第一个吧！
browse-alike-nobody = 还不知道谁的评分和你相近：你和另一个人需要一起给至少五首歌评过分。继续评分吧！
browse-alike-nothing = 有 { $count } 个人的评分和你相近，但他们收藏的你都有了。
browse-alike-saves = { $count } 位品味相近的人收藏
button-delete = 删除
button-keep = 保留
button-play = 播放
button-save = 收藏

## 排行榜和资料

board-tracks = 最佳歌曲，{ $period }
board-loopers = 最佳 Looper，{ $period }
board-rookies = 值得关注的新人，{ $period }
board-listeners = 最忠实的听众，{ $period }
board-collections = 最受喜爱的精选集，{ $period }
board-tracks-empty = 还没有歌被足够多的人听过。`/leaderboard why` 说明上榜条件。
board-loopers-empty = 还没有人向足够多的人播过足够多的歌：需要十首歌、五位评分有效的听众。请看 `/leaderboard rookies`。
board-rookies-empty = 还没有新人被评分有效的听众听过。
board-listeners-empty = 这段时间还没有人听过歌。
board-collections-empty = 这段时间还没有精选集被其他有效听众收藏或播放。`/collection browse` 可以看看有哪些。
board-scale-tracks = 100 表示与同样人数面前的普通歌曲相当 · /leaderboard why
board-scale-loopers = 100 表示与其他人同样受欢迎 · /leaderboard why
board-scale-collections = 其他人的收藏和播放 · /leaderboard why
board-plays = { $count } 次播放
board-saves = { $count } 次收藏
board-voices = { $count } 人次收听
board-people = { $count } 位听众
board-own-place = 你排在第 { $place } 位。
board-own-track = 你最好的歌排在第 { $place } 位：{ $title }。
board-own-track-unlisted = { $title } 还需要更多人听：已达到上榜所需的 { $share }%。
board-own-no-track = 这段时间还没有评分有效的听众在这里听过你的歌。
board-own-rookie = 你是新人：听众 { $raters }/{ $raters-needed } 位，歌曲 { $plays }/{ $plays-needed } 首，之后即可上榜。
board-own-ranked = 你已经不是新人了：请看 `/leaderboard loopers`。
board-own-collection = 你最好的排在第 { $place } 位：{ $name }。
board-own-no-collection = 这段时间你的精选集还没有被其他有效听众收藏或播放。
board-own-none = 你还没有上榜。
board-unlisted = 还有 { $count } 个需要更多人听，暂未上榜。
why-title = 排行榜是怎么来的
why-tracks = **歌曲。** 把每位有效听众的感受加起来：{ $loved } 是一颗心，{ $best } 是一又四分之一颗，{ $good } 是半颗，{ $worst } 扣一颗，沉默为零，收藏再加半颗。再与同样人数面前普通歌曲得到的相比（这里 { $few } 人是 { $few-usual } 颗心，{ $many } 人是 { $many-usual } 颗）：100 为普通。听的人少说明不了什么，所以分数会低一些；太少则不上榜。在周榜和月榜上，30 天前的播放只算一半。
why-loopers = **Looper。** 看每位有效听众是否比平时更喜欢这位 Looper 的歌。每人一票，谁的声音都不会更大；什么都喜欢的人不影响排名。100 表示与其他人同样受欢迎。播过 { $plays } 首歌、有 { $raters } 位听众后才有名次，在那之前是新人。
why-listeners = **听众**按听别人歌的时长排列。
why-collections = **精选集。** 有效听众的一次收藏（仍在收藏中）算一分；有人用 `/collection play` 播放其中的歌、并且那次播放有效，也算一分，每人 7 天内只算一次。制作者自己的不算。
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
profile-best = 最受欢迎
profile-since = { $date } 起在这里
profile-hours = 常在 { $from } 到 { $to } 之间出现
profile-looper = 作为 Looper
profile-listener = 作为听众
profile-ears = 有 { $people } 人听过，共 { $ears } 次
profile-index = Looper 指数 { $index }：最近 90 天第 { $place } 名
profile-rookie = 新人：{ $raters }/{ $raters-needed } 位听众，{ $plays }/{ $plays-needed } 首歌后进入排名
profile-artists = 最常播：{ $names }
profile-artist = { $name }（{ $plays }）
profile-temper-stern = 要求很高
profile-temper-choosy = 挑剔：喜欢要靠实力
profile-temper-balanced = 公允：好坏都有
profile-temper-generous = 大方：多数歌都喜欢
profile-temper-enthused = 热情：几乎什么都爱
profile-loves-loopers = 喜欢 { $names } 的歌
profile-loves-artists = 喜欢 { $names } 的音乐
profile-empty-own = 你还没有在这里播过或听过歌。加入语音频道用 `/play` 点歌，或者听别人播并评分，这里就会有你的故事。
profile-empty = { $name } 还没有在这里播过或听过歌。
profile-foot = 你们口味有多像？/taste · 一周的回顾图：/recap
taste-self = 你和自己当然完全一致。请选另一个人来比：`/taste member`。
taste-bot = { $name } 是机器人，不评分，没有什么可比的。请选一个人。
taste-too-little =
    { $shared ->
        [0] 共同点太少：你和 { $name } 还没有给同一次播放评过分
       *[other] 共同点太少：你和 { $name } 只一起给 { $shared } 次播放评过分
    }，至少要 { $needed } 次才能下结论。一起听歌、给正在播的歌评分吧。
taste-title = 你和 { $name }
taste-percent = 相似度 **{ $percent } %**
taste-kindred = 知音：一个人爱的，另一个人也爱。
taste-close = 很接近：多数时候感受相同。
taste-near = 有些接近：常常一致，有时完全不同。
taste-strange = 像两个陌生人：有时一致，有时不一致。
taste-opposite = 正相反：一个人爱的，另一个人想跳过。
taste-basis = 根据你们都评过分的 { $shared } 次播放。50 % 是两个陌生人；次数少时数值会靠近它。
taste-loved = 都很爱
taste-fought = 各执一词
taste-yours = 你爱、{ $name } 还没在这里听过
taste-theirs = { $name } 爱、你还没在这里听过
taste-stars = 你 { $yours }，{ $name } { $theirs }
recap-title-server-week = { $guild } 的一周
recap-title-server-month = { $guild } 的一个月
recap-title-server-year = { $guild } 的一年
recap-title-member-week = { $name } 的一周
recap-title-member-month = { $name } 的一个月
recap-title-member-year = { $name } 的一年
recap-this-server = 本服务器
recap-when = { $from } – { $to }
recap-date = { $year }年{ $month }{ $day }日
recap-month = { $year }年{ $month }
recap-tile-plays = { $count ->
       *[other] 首歌播放
    }
recap-tile-heard = 收听时长
recap-tile-listeners = { $count ->
       *[other] 位听众
    }
recap-tile-ratings = { $count ->
       *[other] 个评分
    }
recap-tile-grabs = { $count ->
       *[other] 次收藏
    }
recap-tile-songs-heard = { $count ->
       *[other] 首歌听过
    }
recap-tile-given = { $count ->
       *[other] 个评分给出
    }
recap-more = +{ $share } %
recap-less = −{ $share } %
recap-same = 和之前一样
recap-new = 之前没有
recap-now-week = 这 7 天
recap-now-month = 这 30 天
recap-now-year = 这 12 个月
recap-before-week = 前 7 天
recap-before-month = 前 30 天
recap-before-year = 前 12 个月
recap-plot-plays-day = 每天的歌
recap-plot-plays-month = 每月的歌
recap-plot-heard = 收听小时数
recap-plot-heard-minutes = 收听分钟数
recap-plot-ratings = 评分
recap-plot-given = 给出的评分
recap-plot-heat = 什么时候最热闹
recap-plot-heat-member = 什么时候在听
recap-best-tracks = 最佳歌曲
recap-best-loopers = 最佳 Looper
recap-best-listeners = 最忠实的听众
recap-best-loved = 最爱的歌
recap-best-loved-loopers = 最爱的 Looper
recap-best-own = 自己播的歌
recap-best-none = 还没有评分
recap-best-nobody = 还没有人
recap-songs = { $count } 首歌
recap-foot = 时间为 UTC · 变化与之前同样长的时间相比 · /recap
recap-empty-server = 这段时间这里没有播过歌，没有什么可回顾的。用 `/play` 开一个舞台，或者看更长的时间：`/recap period`。
recap-empty-member = { $name } 这段时间没有在这里听过或播过歌。可以用 `/recap period` 看更长的时间。
recap-words-best = **{ $title }：**{ $names }
recap-words-busiest = { $day }最多；{ $from }:00 到 { $to }:00（UTC）最热闹。
recap-words-busiest-month = { $day }最多；{ $from }:00 到 { $to }:00（UTC）最热闹。
recap-alt = { $title }，{ $when }，带图表的图片。{ $figures }
recap-share = 让大家看到
recap-no-picture = 这次没能画出图片；下面是文字版回顾。
day-1 = 周一
day-2 = 周二
day-3 = 周三
day-4 = 周四
day-5 = 周五
day-6 = 周六
day-7 = 周日
month-1 = 1月
month-2 = 2月
month-3 = 3月
month-4 = 4月
month-5 = 5月
month-6 = 6月
month-7 = 7月
month-8 = 8月
month-9 = 9月
month-10 = 10月
month-11 = 11月
month-12 = 12月
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
setting-recap-channel = 每周一早上发布上周回顾的频道；不设就不发布
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
deed-barred = 下架了 { $member } 的精选集《{ $name }》
deed-unbarred = 恢复了 { $member } 的精选集《{ $name }》
deed-track-unbanned = 解除了《{ $title }》的禁播

## /scrobble

scrobble-service-listenbrainz = ListenBrainz
scrobble-service-lastfm = Last.fm
scrobble-state-on = 开
scrobble-state-off = 关
scrobble-visible-me = 只有我
scrobble-visible-everyone = 所有人
scrobble-form-title = 关联 ListenBrainz
scrobble-form-label = 你的用户令牌
scrobble-form-hint = 在 listenbrainz.org/settings 可以找到
scrobble-token-unknown = ListenBrainz 不认识这个令牌。请从 <https://listenbrainz.org/settings/> 复制用户令牌，再用一次 `/scrobble link`。
scrobble-linked = 已关联 { $service } 的 **{ $account }**。从现在起，你听过的歌（听了一半或四分钟）会记到那里，凡是有我的服务器都算。`/scrobble here` 可以排除本服务器，`/scrobble unlink` 解除关联。
scrobble-approve =
    {"**"}1.** 用按钮打开 Last.fm，允许我访问。
    {"**"}2.** 回到这里，按“我已允许”。
scrobble-approve-open = 打开 Last.fm
scrobble-approve-done = 我已允许
scrobble-approve-not-yet = Last.fm 说你还没有允许我访问。用第一个按钮打开它，在那里点允许，再按一次第二个按钮。
scrobble-approve-lost = 时间太久，或者已经用过了。请重新用 `/scrobble link` 开始。
scrobble-no-key = 这里不能关联账号：运行这个机器人的人要先设置 `RONDO_SECRET_KEY`，用来加密你的令牌（可以用 `openssl rand -base64 32` 生成）。
scrobble-no-lastfm = 这里没有配置 Last.fm：运行这个机器人的人要设置 `RONDO_LASTFM_KEY` 和 `RONDO_LASTFM_SECRET`。ListenBrainz 不需要这些。
scrobble-not-linked = 你还没有关联 { $service } 账号，可以用 `/scrobble link` 关联。
scrobble-unlinked = 已解除 { $service } 的关联。令牌已删除，发送过的和等待发送的记录也已删除；{ $service } 那边已有的不受影响。
scrobble-here-off = 你在本服务器听的歌不再发送。
scrobble-here-on = 你在本服务器听的歌会发送到你关联的账号。
scrobble-status-none = **{ $service }** · 未关联
scrobble-status-linked = **{ $service }** · 已关联 { $account }，{ $since }
scrobble-status-counts = 已发送 { $sent } · 等待 { $waiting } · 未被接受 { $refused }
scrobble-status-off = 你在本服务器听的歌不会发送（`/scrobble here`）。
scrobble-status-revoked = ⚠️ { $service } 不再接受这个令牌。请用 `/scrobble link` 重新关联；等待发送的会保留 13 天。
scrobble-status-key = ⚠️ 机器人的密钥换过了，你的 { $service } 令牌读不出来了。请用 `/scrobble link` 重新关联；等待发送的会保留 13 天。
scrobble-status-trouble = 上一次没有成功：{ $code ->
        [silent] { $service } 没有回应
        [owner] { $service } 不接受机器人自己的密钥
       *[other] { $service } 忙（{ $code }）
    }。会自动重试。
scrobble-status-refused = 最近一首未被接受的：{ $why }
scrobble-refused-artist = 不知道是谁的作品
scrobble-refused-old = 13 天都没能发送
scrobble-refused-gone = 这里已经没有这次播放的记录
scrobble-refused-said = { $service } 说：“{ $words }”
scrobble-away = { $service } 现在没有回应，请过一会儿再试。
scrobble-revoked = { $service } 不再接受你的令牌，请用 `/scrobble link` 重新关联。
scrobble-owner = { $service } 不接受运行这个机器人的人的密钥，在他们处理好之前没有办法。
scrobble-said = { $service } 没有接受：“{ $words }”
scrobble-broke-revoked = { $service } 不再接受 **{ $account }** 的令牌，所以我不再发送你听的歌。要继续的话，请在有我的服务器里用 `/scrobble link`；等待发送的会保留 13 天。
scrobble-broke-key = 我的密钥换过了，读不出你在 { $service } 的 **{ $account }** 的令牌，所以不再发送你听的歌。要继续的话，请在有我的服务器里用 `/scrobble link`；等待发送的会保留 13 天。
scrobble-playlist-about = 在 { $guild } 用 Rondo 一起听过
scrobble-playlist-none = { $service } 在 MusicBrainz 找不到其中任何一首，没法做成歌单。
scrobble-playlist-made = 你在 ListenBrainz 的歌单，共 { $count } 首：{ $page }
scrobble-playlist-again =
    { $added ->
        [0] 这一场已经是你在 ListenBrainz 的歌单，一首不缺：{ $page }
       *[other] 你在 ListenBrainz 的这一场歌单又多了 { $added } 首：{ $page }
    }
scrobble-playlist-shown = 现在所有人都能在那里看到它。
scrobble-playlist-hidden = 现在只有你能在那里看到它。
scrobble-playlist-sending = 你的上一个歌单还在发往 ListenBrainz 的路上，请稍后再试。
scrobble-playlist-missing = 有 { $count } 首不在里面：MusicBrainz 里没有这个名字。
## /privacy

privacy-nothing = 我没有保存任何关于你的内容。
privacy-shown =
    { $files ->
        [1] 这是我在本服务器和其他所有服务器上保存的关于你的全部内容，每部分都写明是什么、为什么保存。
       *[other] 这是我在本服务器和其他所有服务器上保存的关于你的全部内容，每部分都写明是什么、为什么保存。内容较多，分成 { $files } 个文件。
    }共 { $rows } 行。只有你能看到这条消息。`/privacy delete` 可以全部删除。
privacy-file = 这个机器人在所有服务器上保存的关于你的全部内容。时间为 UTC。不包含其他人的内容。可用 /privacy delete 删除。
privacy-hidden = 从现在起，本服务器的网页上不再显示你的名字：歌单、精选集和直播页只显示你的歌。Discord 里不变。用 `/privacy hide name: 显示` 可以恢复。
privacy-hidden-already = 你的名字本来就没有显示在本服务器的网页上。用 `/privacy hide name: 显示` 可以恢复。
privacy-unhidden = 本服务器的网页上重新显示你的名字。
privacy-unhidden-already = 你的名字在本服务器的网页上没有隐藏。
privacy-delete-title = 要我忘记你吗？
privacy-here = **在本服务器**
privacy-everywhere = **所有地方**，共 { $count } 个服务器
privacy-deleted = 🗑️ 删除：{ $what }
privacy-nameless = 👤 保留但不带你的名字：{ $what }
privacy-kept = 📌 保留：{ $what }
privacy-limits = 你会立即离开舞台；正在播放的你的歌会不带名字继续播完。排行榜会在一分钟内重新生成。我会在 Discord 里把你最近 { $count } 首歌的结果行去掉名字；其他已经发出的消息我无法收回，请让管理人员删除。运行我的人所做的数据库备份，由他们自己处理。
privacy-still-listening = 你还在语音频道里：从下一首歌起，我会像对其他人一样记录你听了什么。如果不希望这样，请离开频道。
privacy-done-here = 本服务器已忘记你
privacy-done-everywhere = 所有地方都已忘记你
privacy-unchanged = 没有任何改动
privacy-nothing-left = 没有可以删除的内容了。
button-forget-here = 在本服务器忘记我
button-forget-everywhere = 在所有地方忘记我
button-forget-nowhere = 全部保留
privacy-count-setlist = { $count } 首待播歌曲
privacy-about-setlist = 你的歌单里等待播放的歌，轮到你时就能播。
privacy-count-plays = 你播放的 { $count } 首歌
privacy-about-plays = 你播放过的歌和它们得到的反响（别人给的评分只有总和）：场次歌单、历史和排行榜由此而来。
privacy-count-ratings = { $count } 个评分
privacy-about-ratings = 你给出的评分：每首歌保留一个，排行榜由此而来。
privacy-count-comments = { $count } 条弹幕
privacy-about-comments = 你在播放时说的话，连同说出的时刻一起保存。
privacy-count-heard = 你听过的 { $count } 首歌
privacy-about-heard = 每首歌你听了多久：据此判断谁的评分有效。不保存你的语音。
privacy-count-heard-own = 你听过的自己播放的 { $count } 首歌
privacy-about-heard-own = 你播放的歌你自己听了多久：关联账号后提交听歌记录时需要。
privacy-count-grabs = { $count } 首收藏的歌
privacy-about-grabs = 你收藏的歌，方便以后再找到。
privacy-count-collections = { $count } 个精选集
privacy-about-collections = 你的精选集，后面列出其中的歌。
privacy-count-collection-saves = { $count } 个保存的精选集
privacy-about-collection-saves = 你保存的别人的精选集。
privacy-count-scrobble-links = { $count } 个关联账号
privacy-about-scrobble-links = 你在记录收听的服务上的账号。令牌以加密形式保存，此处不显示。
privacy-count-scrobbles = { $count } 条提交记录
privacy-about-scrobbles = 你听过的歌哪些已经或将要提交，以免重复。
privacy-count-scrobbles-off = { $count } 个不提交的服务器
privacy-about-scrobbles-off = 你不想在哪些服务器提交听歌记录。
privacy-count-playlists-sent = 发送过的 { $count } 个歌单
privacy-about-playlists-sent = 你作为歌单发到 ListenBrainz 的场次，再发一次就会更新同一个歌单。已在那里的内容会留在那里。
privacy-count-places = 你在 { $count } 个服务器排行榜上的名次
privacy-about-places = 你在排行榜上的位置，由歌曲、评分和收听得出。
privacy-count-hidden = { $count } 个隐藏名字的设置
privacy-about-hidden = 你的名字不在网页上显示。
privacy-count-sessions = 你主持的 { $count } 场
privacy-about-sessions = 由你开场并主持的场次。
privacy-count-pages = 你建立的 { $count } 个网页
privacy-about-pages = 由你生成的网页地址。
privacy-count-pages-withdrawn = 你撤下的 { $count } 个网页
privacy-about-pages-withdrawn = 由你撤下的网页。
privacy-count-ratings-voided = 你作废的 { $count } 个评分
privacy-about-ratings-voided = 你作为管理人员作废的评分；是谁的评分属于他们自己。
privacy-count-collections-barred = 你下架的 { $count } 个精选集
privacy-about-collections-barred = 你作为管理人员下架的精选集。
privacy-count-deeds = 你作为主持人或管理人员的 { $count } 项操作
privacy-about-deeds = 你作为主持人或管理人员做过的事，服务器的管理团队可以查看。
privacy-count-ban = { $count } 个服务器的舞台禁入
privacy-about-ban = 你不能入座。这是服务器的决定，只有其管理人员可以解除。
privacy-count-skips = 你跳过的别人的 { $count } 首歌
privacy-about-skips = 你跳过的别人的歌，以及你写的理由。
privacy-count-deeds-about = 日志里关于你的 { $count } 条记录
privacy-about-deeds-about = 主持人和管理人员对你做过的事；是谁做的不列出。
privacy-count-stage = { $count } 个进行中的舞台上关于你的内容
privacy-about-stage = 进行中的舞台在关闭前记得的：座位、候场、你对当前歌曲的感受。
privacy-count-memos = { $count } 条舞台频道发言备忘
privacy-about-memos = 我让你在 Discord 舞台频道里发言，以便之后收回。

## /help 和 /about

help-title = 用 Rondo 一起听歌
help-first =
    {"**"}1.** 加入语音频道，用 `/play` 加上链接、文字或附件点歌，会自动上座或候场。
    {"**"}2.** 五个座位从左到右轮流，每人一首。你的歌单会等着轮到你。
    {"**"}3.** 大家用卡片下面的表情评分，从 1 到 5 分：{ $emoji }
help-play = **点歌** · `/play` `/playnext` 添加歌曲 · `/queue` 整理歌单 · `/seat` 上座或离座
help-rate = **参与** · 表情、按钮或 `/rate` 评分 · `/grab` 收藏 · `/collection` 制作、发布、发现、收藏和播放精选集 · 弹幕按钮记下这一刻 · `/skip` 跳过自己的歌，`/seek` 换个位置听
help-look-back = **回顾** · `/history` · `/playlist` 查看、分享、导出和导入场次 · `/leaderboard` · `/profile` · `/taste` · `/recap` · `/scrobble`
help-host = **管理** · 主持人和管理人员用 `/stage open, close, lock, unlock, theme, share, unshare, kick, move, skip` · 管理团队用 `/stage ban, unban, void, void-all` 和 `/settings`
help-more = `/about` 介绍我是什么、保存什么 · `/privacy` 查看、删除我保存的关于你的内容，或隐藏你的名字。
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
owner-disk-full = ⚠️ 运行我的机器磁盘已满：无法写入 `{ $dir }`。派对照常进行，但播放更耗资源。请在那里清出空间，或让我少占一些（`RONDO_CACHE_LIMIT_GB`）。我一天最多提醒一次。
owner-room-full = ⚠️ 成员想播放的曲目已没有空间存放：`{ $dir }` 已达到上限（`RONDO_MEDIA_LIMIT_GB`），或磁盘已满。在腾出空间之前无法添加新歌；歌单和曲库里的歌仍可播放。请清出空间或调高上限。我一天最多提醒一次。
about-room-full = ⚠️ 成员想播放的曲目已没有空间存放。新歌暂时无法添加；请维护者清出空间或调高上限。
about-disk-full = ⚠️ 运行我的机器磁盘已满。歌曲照常播放，但更耗资源；请维护者清理磁盘。
about-stored = 我会保存谁播了什么、评分、弹幕、收藏，以及每首歌听了多久；关联了听歌记录账号的人，还有账号名和加密过的令牌。不会保存任何人的语音。用 `/privacy` 可以查看、删除你的内容，或不在网页上显示你的名字。
about-stage-channels = 在 Discord 舞台频道里，如果我的身份组有**管理频道**、**静音成员**和**移动成员**权限，我可以用你的主题开启舞台，并让 Looper 发言。其他地方不需要这些权限。

## 网页

page-not-there = 这里什么也没有
page-not-there-text = 没有这个页面。也许地址没有复制完整。
page-withdrawn = 这个页面已被撤下
page-withdrawn-text = 它的主人或管理人员撤下了它。这个地址不会再有效。
page-busy = 一时太忙
page-busy-text = 页面没能及时生成，请稍后再试。
page-too-many = 请求太多
page-too-many-text = 你所在的网络在短时间内请求得太多了，请稍后再试。
page-failure = 出错了
page-failure-text = 页面没能生成，请稍后再试。
page-somebody = 某人
page-session-of = 第 { $session } 场 · { $guild }
page-collection-by = { $name } 的精选集
page-songs = { $count } 首歌
page-listeners = { $count } 位听众
page-saves = { $count } 人收藏
page-best = 今晚最佳
page-best-is = 最佳：{ $title }，{ $score }
page-ratings = { $count ->
    [0] 无人评分
   *[other] { $count } 个评分
}
page-of-five = 满分 5 分
page-comments = { $count } 条弹幕
page-comments-more = ……还有 { $count } 条
page-on = 派对还在继续：歌曲播完后会出现在这里。
page-empty = 这里还没有歌曲。
page-more = ……还有 { $count } 首
page-loopers = 台上
page-list = 歌曲
page-curator = 精选者
page-played-by = { $name } 播放
page-length = 时长
page-find = 去这里找
page-find-song = 去这里找 { $title }
page-take = 带走歌单
page-covers = 其中歌曲的封面
page-foot = 由 Rondo 生成，一起听歌的 Discord 机器人。
page-unlisted = 只有拿到地址的人才能找到这个页面。在 Discord 里，用 /privacy hide 可以隐藏名字，用 { $command } 可以撤下页面。
page-languages = 语言
page-skip = 跳到歌曲

live-on = 直播中
live-title = 舞台直播
live-about = 谁在台上、正在放什么、大家觉得怎么样，随时可见。
live-now = 正在播放
live-seats = 台上
live-seat = 座位
live-plays = 正在播放
live-offered = 正留给下一位候场的人
live-looper = { $name } 播放
live-idle = 马上就会有人放歌。
live-of = 共
live-stream = 直播
live-of-five = 分（满分 5 分）
live-ratings = 各档评分的人数
live-count = { $count ->
    [0] 还没有评分
   *[other] { $count } 人评分
}
live-comments = 弹幕
live-no-comments = 还没有人说话。
live-lost = 连接断开了，正在重试。
live-over = 这一场结束了
live-over-text = 舞台已关闭。谢谢一起听歌！
live-over-playlist = 这一场放了什么
stage-share-nowhere = 这里没有网页：这个机器人的主人没有设置网页地址（`RONDO_PUBLIC_URL`）。
stage-shared = 🔴 这个舞台的直播页，拿到链接的人都能看：{ $link }
    叠加在直播画面上（OBS 浏览器源，1920 × 1080）：{ $overlay }
    舞台关闭时直播页随之结束；用 `/stage unshare` 可以提前撤回。
stage-unshared = 直播页的链接已失效。用 `/stage share` 可以再生成一个。
stage-unshared-none = 没有可以撤回的直播页。

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
goodbye-link = 🔗 今晚的网页，可以分享：<{ $link }>
picture-best = 今晚最佳
picture-played = 今晚播放
picture-loopers = 台上
picture-listeners = { $count ->
    [0] 没有听众
   *[other] { $count } 人在听
}
picture-ratings = { $count } 个评分
picture-played-by = { $looper } 播放
picture-date = { $year }年{ $month }月{ $day }日
picture-words = 今晚的歌单卡片。最佳歌曲：{ $songs }。台上：{ $loopers }。
playlist-file-title = 第 { $session } 场，{ $guild }
playlist-file-note = { $looper } 播放，{ $score }
rating-refused = 你对《{ $title }》的评分没有被接受：{ $reason }
rating-refused-late = 你的评分没有被接受：{ $reason }
