"""The fields that the parts of queries may have, ours and those that only say how PostHog's web app shows them."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NODE = """
    kind name custom_name math math_property math_property_type math_property_revenue_currency math_hogql
    math_group_type_index math_multiplier properties fixedProperties optionalInFunnel response version
"""
_RESULTS = "resultCustomizationBy resultCustomizations goalLines showLegend hidden_legend_indexes hiddenLegendIndexes"
_TABULAR = "kind response version tags modifiers name"

SHAPES: dict[str, frozenset[str]] = {
    "dateRange": _names("date_from date_to explicitDate excludeIncompletePeriods"),
    "compareFilter": _names("compare compare_to"),
    "series": _names(
        f"""{_NODE} event limit orderBy id table_name id_field timestamp_field distinct_id_field dw_source_type
        schema_name nodes operator funnelFromStep funnelToStep aggregation_target_field source uuid"""
    ),
    "trendsFilter": _names(
        f"""{_RESULTS} smoothingIntervals formula formulas formulaNodes display aggregationAxisFormat
        aggregationAxisPrefix aggregationAxisPostfix decimalPlaces minDecimalPlaces showValuesOnSeries
        showLabelsOnSeries showPercentStackView yAxisScaleType showMultipleYAxes showAlertThresholdLines
        showTrendLines showMovingAverage movingAverageIntervals showConfidenceIntervals confidenceLevel
        detailedResultsAggregationType breakdown_histogram_bin_count compare compare_to excludeBoxPlotOutliers
        show_legend show_values_on_series smoothing_intervals aggregation_axis_format"""
    ),
    "formulaNode": _names("formula custom_name"),
    "funnelsFilter": _names(
        f"""{_RESULTS} exclusions layout breakdownAttributionType breakdownAttributionValue funnelAggregateByHogQL
        funnelToStep funnelFromStep funnelOrderType funnelVizType funnelWindowInterval funnelWindowIntervalUnit
        hiddenLegendBreakdowns funnelStepReference useUdf showValuesOnSeries showTrendLines binCount
        breakdownSorting customAggregationTarget funnelStepBreakdown"""
    ),
    "retentionFilter": _names(
        f"""{_RESULTS} retentionType retentionReference totalIntervals returningEntity targetEntity period
        minimumOccurrences showMean meanRetentionCalculation cumulative display dashboardDisplay
        retentionCustomBrackets timeWindowMode aggregationType aggregationProperty aggregationPropertyType
        selectedInterval showTrendLines"""
    ),
    "entity": _names(f"{_NODE} id type uuid order custom_name aggregation_target_field table_name timestamp_field"),
    "pathsFilter": _names(
        """edgeLimit pathsHogQLExpression includeEventTypes startPoint endPoint pathGroupings excludeEvents stepLimit
        pathReplacements localPathCleaningFilters minEdgeWeight maxEdgeWeight pathStartKey pathEndKey pathDropoffKey
        showFullUrls"""
    ),
    "funnelPathsFilter": _names("funnelPathType funnelSource funnelStep"),
    "stickinessFilter": _names(
        f"""{_RESULTS} display showValuesOnSeries showMultipleYAxes stickinessCriteria computedAs compare
        show_legend show_values_on_series"""
    ),
    "lifecycleFilter": _names("showValuesOnSeries toggledLifecycles showLegend stacked show_values_on_series"),
    "breakdownFilter": _names(
        """breakdown_type breakdown_limit breakdown breakdown_normalize_url breakdowns breakdown_group_type_index
        breakdown_histogram_bin_count breakdown_hide_other_aggregation breakdown_path_cleaning breakdown_value"""
    ),
    "breakdown": _names("type property normalize_url group_type_index histogram_bin_count value"),
    "properties": _names(
        """key value values operator type label group_type_index group_key_names cohort_name negation bucket_values
        id event_type event_filters time_value time_interval explicit_datetime"""
    ),
    "HogQLQuery": _names(f"{_TABULAR} query values variables filters explain limit offset connectionId sendRawQuery"),
    "EventsQuery": _names(
        f"""{_TABULAR} select where properties fixedProperties event events actionId actionSteps personId before after
        orderBy limit offset source filterTestAccounts"""
    ),
    "ActorsQuery": _names(
        f"{_TABULAR} source select search properties fixedProperties orderBy limit offset count"
    ),
}  # fmt: skip
"""By the name of a shape; of tabular kinds by the kind."""

PARTS: dict[str, dict[str, str]] = {
    "query": {
        "dateRange": "dateRange", "compareFilter": "compareFilter", "series": "series", "trendsFilter": "trendsFilter",
        "funnelsFilter": "funnelsFilter", "retentionFilter": "retentionFilter", "pathsFilter": "pathsFilter",
        "funnelPathsFilter": "funnelPathsFilter", "stickinessFilter": "stickinessFilter",
        "lifecycleFilter": "lifecycleFilter", "breakdownFilter": "breakdownFilter", "properties": "properties",
    },
    "series": {"properties": "properties", "fixedProperties": "properties", "nodes": "series"},
    "trendsFilter": {"formulaNodes": "formulaNode"},
    "funnelsFilter": {"exclusions": "series"},
    "retentionFilter": {"returningEntity": "entity", "targetEntity": "entity"},
    "entity": {"properties": "properties"},
    "breakdownFilter": {"breakdowns": "breakdown"},
    "properties": {"values": "properties"},
}  # fmt: skip
"""Of a shape: its fields that are objects (or lists of objects) of a shape again."""
