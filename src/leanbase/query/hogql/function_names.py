"""The functions that SQL may call, by name. What is not listed does not exist: nothing here reads files, URLs, other
tables, settings or the machine, or sleeps; what makes large values out of small ones has its own bound.
"""


def _words(*texts: str) -> tuple[str, ...]:
    return tuple(word for text in texts for word in text.split())


AGGREGATES = _words(
    """
    count sum avg min max any anyLast argMin argMax uniq uniqExact uniqHLL12 uniqCombined uniqCombined64
    quantile quantiles quantileExact quantileTDigest quantileTiming quantileDeterministic quantilesExact
    median medianExact groupArray groupUniqArray groupArraySample groupArraySorted groupArrayMovingAvg
    groupArrayMovingSum groupBitAnd groupBitOr groupBitXor groupConcat topK topKWeighted varPop varSamp
    stddevPop stddevSamp covarPop covarSamp corr skewPop skewSamp kurtPop kurtSamp sumWithOverflow sumKahan
    avgWeighted entropy simpleLinearRegression rankCorr maxIntersections maxIntersectionsPosition windowFunnel
    retention sequenceMatch sequenceCount uniqUpTo deltaSum deltaSumTimestamp boundingRatio
    exponentialMovingAverage first_value last_value mannWhitneyUTest studentTTest welchTTest any_respect_nulls
    anyHeavy groupArrayInsertAt groupBitmap groupBitmapAnd groupBitmapOr groupBitmapXor medianExactLow
    medianExactHigh medianExactWeighted medianTiming medianTimingWeighted medianDeterministic medianTDigest
    medianTDigestWeighted medianBFloat16 quantileExactLow quantileExactHigh quantileExactWeighted
    quantileTDigestWeighted quantileBFloat16 quantilesTDigest quantilesTiming contingency cramersV
    cramersVBiasCorrected theilsU array_agg string_agg sumCount groupArrayLast groupArrayIntersect histogram
    intervalLengthSum kolmogorovSmirnovTest largestTriangleThreeBuckets
    """
)

WINDOW_ONLY = _words(
    """
    row_number rank dense_rank percent_rank cume_dist ntile lag lead lagInFrame leadInFrame nth_value
    """
)

SCALARS = _words(
    # comparison, logic, conditions
    """
    equals notEquals less greater lessOrEquals greaterOrEquals and or not xor if multiIf coalesce ifNull
    nullIf isNull isNotNull assumeNotNull toNullable greatest least isNaN isFinite isInfinite ifNotFinite
    isZeroOrNull
    """,
    # arithmetic
    """
    plus minus multiply divide intDiv intDivOrZero modulo negate abs gcd lcm exp exp2 exp10 log log2 log10 ln
    sqrt cbrt pow power sin cos tan asin acos atan atan2 sinh cosh tanh degrees radians pi e sign erf erfc
    lgamma tgamma round floor ceil ceiling trunc truncate roundToExp2 roundDuration roundAge roundDown bitAnd
    bitOr bitXor bitNot bitShiftLeft bitShiftRight bitTest bitCount max2 min2 hypot widthBucket factorial
    moduloOrZero positiveModulo multiplyDecimal divideDecimal intExp2 intExp10 acosh asinh atanh log1p
    width_bucket roundBankers bitRotateLeft bitRotateRight bitSlice bitTestAll bitTestAny bitHammingDistance
    """,
    # text
    """
    length lengthUTF8 empty notEmpty lower upper lowerUTF8 upperUTF8 lcase ucase reverse reverseUTF8 concat
    concatWithSeparator substring substr substringUTF8 left right leftUTF8 rightUTF8 trim trimLeft trimRight
    trimBoth ltrim rtrim startsWith endsWith startsWithUTF8 endsWithUTF8 position positionUTF8
    positionCaseInsensitive positionCaseInsensitiveUTF8 locate countSubstrings countSubstringsCaseInsensitive
    replace replaceOne replaceAll replaceRegexpOne replaceRegexpAll match like notLike ilike notILike extract
    extractAll extractGroups extractAllGroupsVertical multiSearchAny multiSearchAllPositions multiMatchAny
    multiMatchAnyIndex hasToken hasTokenCaseInsensitive splitByChar splitByString splitByRegexp
    splitByWhitespace splitByNonAlpha arrayStringConcat alphaTokens ngrams tokens base64Encode base64Decode
    tryBase64Decode hex unhex char ascii initcap initcapUTF8 translate translateUTF8 normalizeUTF8NFC
    toValidUTF8 isValidUTF8 format soundex levenshteinDistance editDistance damerauLevenshteinDistance
    jaroWinklerSimilarity ngramDistance ngramSearch encodeURLComponent decodeURLComponent
    encodeURLFormComponent decodeURLFormComponent decodeHTMLComponent encodeXMLComponent decodeXMLComponent
    extractTextFromHTML formatReadableSize formatReadableQuantity formatReadableTimeDelta leftPad rightPad
    leftPadUTF8 rightPadUTF8 lpad rpad appendTrailingCharIfAbsent regexpExtract
    multiSearchAllPositionsCaseInsensitive multiSearchAllPositionsCaseInsensitiveUTF8
    multiSearchAllPositionsUTF8 multiSearchFirstPosition multiSearchFirstPositionCaseInsensitive
    multiSearchFirstPositionCaseInsensitiveUTF8 multiSearchFirstPositionUTF8 multiSearchFirstIndex
    multiSearchFirstIndexCaseInsensitive multiSearchFirstIndexCaseInsensitiveUTF8 multiSearchFirstIndexUTF8
    multiSearchAnyCaseInsensitive multiSearchAnyCaseInsensitiveUTF8 multiSearchAnyUTF8 multiMatchAllIndices
    multiFuzzyMatchAny multiFuzzyMatchAnyIndex multiFuzzyMatchAllIndices extractAllGroups
    extractAllGroupsHorizontal ngramDistanceCaseInsensitive ngramDistanceCaseInsensitiveUTF8 ngramDistanceUTF8
    ngramSearchCaseInsensitive ngramSearchCaseInsensitiveUTF8 ngramSearchUTF8
    countSubstringsCaseInsensitiveUTF8 countMatches countMatchesCaseInsensitive hasSubsequence
    hasSubsequenceCaseInsensitive hasSubsequenceCaseInsensitiveUTF8 hasSubsequenceUTF8 hasTokenOrNull
    hasTokenCaseInsensitiveOrNull hasAllTokens hasAnyTokens regexpQuoteMeta convertCharset base58Encode
    base58Decode tryBase58Decode formatReadableDecimalSize byteHammingDistance stringJaccardIndex jaroSimilarity
    firstLine
    """,
    # URLs and addresses
    """
    protocol domain domainWithoutWWW topLevelDomain firstSignificantSubdomain cutToFirstSignificantSubdomain
    port path pathFull queryString fragment queryStringAndFragment extractURLParameter extractURLParameters
    extractURLParameterNames URLHierarchy URLPathHierarchy cutWWW cutQueryString cutFragment cutURLParameter
    netloc IPv4NumToString IPv4StringToNum toIPv4 toIPv6 isIPv4String isIPv6String isIPAddressInRange
    cutToFirstSignificantSubdomainWithWWW cutQueryStringAndFragment IPv4NumToStringClassC IPv6NumToString
    IPv6StringToNum IPv4ToIPv6 cutIPv6 IPv4CIDRToRange IPv6CIDRToRange toIPv4OrNull toIPv4OrDefault toIPv6OrNull
    toIPv6OrDefault
    """,
    # types
    """
    toInt8 toInt16 toInt32 toInt64 toInt128 toUInt8 toUInt16 toUInt32 toUInt64 toFloat32 toFloat64
    toInt64OrNull toInt64OrZero toInt32OrNull toInt32OrZero toUInt64OrNull toUInt64OrZero toFloat64OrNull
    toFloat64OrZero toFloat32OrNull toFloat32OrZero toDecimal32 toDecimal64 toDecimal128 toString
    toFixedString toBool toUUID toUUIDOrNull toUUIDOrZero toTypeName reinterpretAsUInt64 accurateCastOrNull
    toDate toDate32 toDateOrNull toDateTime toDateTime64 toDateTimeOrNull toDateTime64OrNull parseDateTime
    parseDateTimeOrNull parseDateTimeBestEffort parseDateTimeBestEffortOrNull parseDateTimeBestEffortOrZero
    parseDateTime64BestEffort parseDateTime64BestEffortOrNull toLowCardinality toInt256 toUInt128 toUInt256
    toInt16OrNull toUInt32OrNull toDateTime64OrZero parseDateTimeBestEffortUS
    parseDateTimeBestEffortUSOrNull toUUIDOrDefault reinterpretAsUInt8 reinterpretAsUInt16 reinterpretAsUInt32
    reinterpretAsUInt128 reinterpretAsUInt256 reinterpretAsInt8 reinterpretAsInt16 reinterpretAsInt32
    reinterpretAsInt64 reinterpretAsInt128 reinterpretAsInt256 reinterpretAsFloat32 reinterpretAsFloat64
    reinterpretAsUUID
    """,
    # time
    """
    toTimeZone timeZoneOf timezoneOf timeZoneOffset toYear toQuarter toMonth toDayOfYear toDayOfMonth
    toDayOfWeek toHour toMinute toSecond toMillisecond toUnixTimestamp toUnixTimestamp64Milli
    toUnixTimestamp64Micro toUnixTimestamp64Nano fromUnixTimestamp fromUnixTimestamp64Milli
    fromUnixTimestamp64Micro toStartOfYear toStartOfISOYear toStartOfQuarter toStartOfMonth toLastDayOfMonth
    toMonday toStartOfWeek toLastDayOfWeek toStartOfDay toStartOfHour toStartOfMinute toStartOfSecond
    toStartOfFiveMinutes toStartOfTenMinutes toStartOfFifteenMinutes toStartOfInterval toTime
    toRelativeYearNum toRelativeQuarterNum toRelativeMonthNum toRelativeWeekNum toRelativeDayNum
    toRelativeHourNum toRelativeMinuteNum toRelativeSecondNum toISOYear toISOWeek toWeek toYearWeek age
    dateDiff date_diff dateTrunc date_trunc addYears addMonths addWeeks addDays addHours addMinutes addSeconds
    addQuarters subtractYears subtractMonths subtractWeeks subtractDays subtractHours subtractMinutes
    subtractSeconds subtractQuarters toYYYYMM toYYYYMMDD toYYYYMMDDhhmmss formatDateTime dateName monthName
    timeSlot makeDate makeDate32 makeDateTime makeDateTime64 toIntervalSecond toIntervalMinute toIntervalHour
    toIntervalDay toIntervalWeek toIntervalMonth toIntervalQuarter toIntervalYear timeSlots nowInBlock
    timestampDiff fromDaysSinceYearZero
    toModifiedJulianDay fromModifiedJulianDay date_bin tumble tumbleStart tumbleEnd hop hopStart hopEnd
    """,
    # JSON
    """
    JSONHas JSONLength JSONType JSONExtract JSONExtractString JSONExtractInt JSONExtractUInt JSONExtractFloat
    JSONExtractBool JSONExtractRaw JSONExtractArrayRaw JSONExtractKeys JSONExtractKeysAndValues
    JSONExtractKeysAndValuesRaw JSON_VALUE JSON_QUERY JSON_EXISTS isValidJSON toJSONString simpleJSONHas
    simpleJSONExtractString visitParamExtractString simpleJSONExtractInt simpleJSONExtractFloat
    simpleJSONExtractBool simpleJSONExtractRaw JSONArrayLength
    """,
    # arrays, tuples, maps
    """
    array arrayElement arrayConcat arrayPushBack arrayPushFront arrayPopBack arrayPopFront arraySlice
    arrayReverse arrayDistinct arrayUniq arrayCompact arrayFlatten arrayZip arrayIntersect arrayReduce
    arrayReduceInRanges arraySort arrayReverseSort arrayPartialSort arraySum arrayAvg arrayMin arrayMax
    arrayProduct arrayCount arrayExists arrayAll arrayFirst arrayLast arrayFirstIndex arrayLastIndex
    arrayFilter arrayMap arrayFill arrayReverseFill arraySplit arrayCumSum arrayCumSumNonNegative
    arrayDifference arrayEnumerate arrayEnumerateDense arrayEnumerateUniq arrayFold arrayJoin arrayRotateLeft
    arrayRotateRight arrayShuffle arrayRandomSample has hasAll hasAny hasSubstr indexOf countEqual tuple
    tupleElement tupleConcat tuplePlus tupleHammingDistance map mapKeys mapValues mapContains mapAdd
    mapSubtract mapFilter mapApply mapFromArrays in notIn emptyArrayString range arrayAUC arrayReverseSplit
    mapPopulateSeries mapContainsKeyLike mapExtractKeyLike mapUpdate mapExists mapAll tupleToNameValuePairs
    tupleMinus tupleMultiply tupleDivide tupleNegate tupleMultiplyByNumber tupleDivideByNumber dotProduct
    arrayPartialReverseSort arrayShingles arrayJaccardIndex L1Norm L2Norm LinfNorm LpNorm L1Distance
    L2Distance LinfDistance LpDistance L1Normalize L2Normalize LinfNormalize LpNormalize cosineDistance
    """,
    # hashing, random, other
    """
    cityHash64 sipHash64 xxHash64 murmurHash3_64 farmHash64 intHash32 intHash64 MD5 SHA1 SHA224 SHA256 halfMD5
    javaHash hiveHash metroHash64 murmurHash2_32 murmurHash2_64 murmurHash3_32 xxHash32 xxh3 jumpConsistentHash
    randConstant randUniform randNormal randBernoulli
    rand rand32 rand64 randCanonical generateUUIDv4 bar transform runningDifference neighbor
    rowNumberInAllBlocks rowNumberInBlock identity materialize UUIDStringToNum UUIDNumToString
    UUIDv7ToDateTime repeat arrayWithConstant arrayResize bitmapBuild
    geoDistance greatCircleDistance greatCircleAngle pointInEllipses
    pointInPolygon geohashEncode geohashDecode geohashesInBox h3IsValid h3GetResolution h3ToParent h3ToString
    stringToH3 geoToH3 h3ToGeo bitmapToArray bitmapSubsetInRange bitmapSubsetLimit subBitmap bitmapContains
    bitmapHasAny bitmapHasAll bitmapCardinality bitmapMin bitmapMax bitmapTransform bitmapAnd bitmapOr
    bitmapXor bitmapAndnot bitmapAndCardinality bitmapOrCardinality bitmapXorCardinality
    bitmapAndnotCardinality generateUUIDv7 arrayEnumerateUniqRanked
    """,
)

COMBINATORS = _words("If Array Distinct OrNull OrDefault State Merge MergeState ForEach Map ArgMin ArgMax")

# HogQL's own names for what ClickHouse calls otherwise. A leading underscore means ClickHouse's function as it is.
RENAMED = {
    "char_length": "lengthUTF8",
    "substr": "substring",
    "len": "length",
    "strpos": "position",
    "btrim": "trimBoth",
    "left": "leftUTF8",
    "right": "rightUTF8",
    "trydecodeurlcomponent": "decodeURLComponent",
    "timestampadd": "plus",
    "timestampsub": "minus",
    "_toint8": "toInt8",
    "_toint16": "toInt16",
    "_toint32": "toInt32",
    "_toint64": "toInt64",
    "_touint64": "toUInt64",
    "_touint128": "toUInt128",
    "_todate": "toDate",
    "_todatetime": "toDateTime",
}
